import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { usd } from '../../gateway/money/dollars.ts'
import { readAgentConfig } from './agentConfig.ts'

const SECRET = `0x${'7'.repeat(64)}`
const budget = { perRequest: '0.01', perDay: '1', sites: ['api.example.com'] }
const wallets = { evm: { privateKey: '$AGENT_KEY' } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-agent-'))
  return () => rmSync(folder, { recursive: true })
})

function read(config: unknown, o: { mode?: number; env?: Record<string, string> } = {}) {
  const file = join(folder, 'agent.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  chmodSync(file, o.mode ?? 0o600)
  return readAgentConfig(file, o.env ?? { AGENT_KEY: SECRET })
}

test('a configuration takes its secrets from the environment and its folder from beside the file', () => {
  const config = read({ budget, wallets })
  expect(config.wallets.evm?.privateKey).toBe(SECRET)
  expect(config.budget.perDay).toEqual(usd('1'))
  expect([config.store, config.unattended]).toEqual([join(folder, 'agent-spent'), undefined])
})

test.each<[string, unknown, RegExp]>([
  ['no budget', { wallets }, /budget: /],
  ['a budget that is no amount', { budget: { ...budget, perDay: 'much' }, wallets }, /budget.perDay: "much" is no amount of dollars/],
  ['a budget without sites', { budget: { ...budget, sites: [] }, wallets }, /budget.sites: /],
  ['no wallet', { budget, wallets: {} }, /names no wallet/],
  ['Lightning without a price', { budget, wallets: { nwc: 'nostr+walletconnect://x' } }, /dollarsPerBitcoin/],
  ['a word that is no setting', { budget, wallets, limit: '1' }, /the file: .*limit/],
  ['text that is not JSON', `{"budget": ${SECRET}}`, /is not JSON/],
])('%s is refused, by name and without a secret', (_name, config, words) => {
  const refuse = () => read(config)
  expect(refuse).toThrow(words)
  expect(refuse).toThrow(/unsafe_configuration/)
  expect(refuse).not.toThrow(SECRET)
})

test('a secret that the environment lacks, and a file that others can read, are refused', () => {
  expect(() => read({ budget, wallets }, { env: {} })).toThrow(/the environment has no AGENT_KEY/)
  expect(() => read({ budget, wallets }, { mode: 0o640 })).toThrow(/can be read by others.*chmod 600/s)
})
