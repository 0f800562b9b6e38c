import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { usd } from '../../gateway/money/dollars.ts'
import { openAgentPurse } from './purse.ts'
import { walletSettings } from './walletFile.ts'

const SECRET = `0x${'7'.repeat(64)}`
const budget = { perRequest: '0.01', perDay: '1', sites: ['api.example.com'] }
const evm = { key: '$AGENT_KEY' }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-agent-'))
  return () => rmSync(folder, { recursive: true })
})

function written(config: unknown, mode = 0o600): string {
  const file = join(folder, 'agent.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  chmodSync(file, mode)
  return file
}

const env = { AGENT_KEY: SECRET }
const read = (config: unknown) => openAgentPurse(written(config), env)

test('a wallet file takes its secrets from the environment and its folder from beside the file', () => {
  const { settings, store } = walletSettings(written({ budget, evm, store: './spent' }), env)
  expect(settings.evm?.key).toBe(SECRET)
  expect(settings.budget?.perDay).toEqual(usd('1'))
  expect([store, settings.unattended]).toEqual([join(folder, 'spent'), undefined])
  expect(walletSettings(written({ evm }), env).store).toBe(join(folder, 'payments'))
})

test.each<[string, unknown, RegExp]>([
  ['no budget', { evm }, /names no budget/],
  ['a budget that is no amount', { budget: { ...budget, perDay: 'much' }, evm }, /budget.perDay: "much" is no amount of dollars/],
  ['a budget without sites', { budget: { ...budget, sites: [] }, evm }, /budget.sites: /],
  ['no wallet', { budget }, /names no wallet/],
  ['Lightning without a price', { budget, nwc: 'nostr+walletconnect://x' }, /usdPerBtc: /],
  ['a word that is no setting', { budget, evm, limit: '1' }, /the whole: .*limit/],
  ['text that is not JSON', `{"budget": ${SECRET}}`, /is not JSON/],
])('%s is refused, by name and without a secret', (_name, config, words) => {
  const refuse = () => read(config)
  expect(refuse).toThrow(words)
  expect(refuse).toThrow(/unsafe_configuration/)
  expect(refuse).not.toThrow(SECRET)
})

test('a secret that the environment lacks, and a file that others can read, are refused', () => {
  expect(() => walletSettings(written({ budget, evm }), {})).toThrow(/the environment has no AGENT_KEY/)
  expect(() => walletSettings(written({ budget, evm }, 0o640), env)).toThrow(/can be read by others.*chmod 600/s)
})

test('a balance is paid from at its own gateway, and elsewhere only where the file names the place', async () => {
  const balance = { url: 'https://pay.example', key: 'sk_of_the_test', origins: ['https://shop.example/things'] }
  const { wallets } = read({ budget, balance })
  const at = async (origin: string) => {
    const found = await wallets[0]!.wallet.consider(
      { kind: 'balance', name: 'book' } as never,
      { origin, stated: { book: usd('0.01') } } as never,
    )
    return found && 'pay' in found
  }
  expect([await at('https://pay.example'), await at('https://shop.example'), await at('https://other.example')]).toEqual([
    true,
    true,
    false,
  ])
  expect(() => read({ budget, balance: { ...balance, origins: ['no url'] } })).toThrow(/origins/)
})
