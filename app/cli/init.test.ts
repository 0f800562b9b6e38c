import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../config/config.ts'
import { runWords } from './program.ts'

beforeEach(() => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  return () => log.mockRestore()
})

async function written(network: string) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-init-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const out = join(folder, 'yard')
  const code = await runWords(['init', '--network', network, '--out', out], { name: 'switchyard' })
  const [file, secrets] = [join(out, 'switchyard.json'), join(out, 'secrets.env')]
  return { code, out, file, secrets, env: parseEnv(readFileSync(secrets, 'utf8')) as NodeJS.ProcessEnv }
}

test.each(['local', 'testnet'])('for %s it is one that a gateway takes, also with all that is left out opened', async (network) => {
  const { code, file, env } = await written(network)
  expect(code).toBe(0)
  expect(readConfig(file, env).network).toBe(network)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^( *)\/\/(?! [A-Z])/gm, '$1'))
  const opened = readConfig(file, env)
  expect([opened.evm.length, opened.bank?.feeEur, opened.publicUrl]).toEqual([1, '0.10', 'https://pay.example.com'])
  expect(opened.lightning && 'lnd' in opened.lightning).toBe(network === 'local' ? undefined : true)
})

test('for mainnet its prices come from exchanges, because others are refused there', async () => {
  const { code, file, env } = await written('mainnet')
  expect(code).toBe(0)
  const text = readFileSync(file, 'utf8')
  expect([readConfig(file, env).network, readConfig(file, env).rates?.sources.length]).toEqual(['mainnet', 4])
  const fixed = '"prices": { "BTC": "100000", "EUR": "1.08", "ETH": "3000", "USDC": "1" },'
  writeFileSync(file, text.replace(/"rates": .*/, fixed))
  expect(() => readConfig(file, env)).toThrow(/^Mainnet needs live rates/)
})

test('only their owner can read them, secrets are fresh, and nothing is replaced', async () => {
  const [first, second] = [await written('local'), await written('local')]
  for (const file of [first.file, first.secrets]) expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(first.out).mode & 0o777).toBe(0o700)
  for (const name of ['OPERATOR_KEY', 'CHALLENGE_SECRET', 'EVM_OPERATOR_KEY']) expect(first.env[name]).not.toBe(second.env[name])
  for (const secret of Object.values(first.env)) expect(readFileSync(first.file, 'utf8')).not.toContain(secret)
  await expect(runWords(['init', '--out', first.out], { name: 'switchyard' })).rejects.toThrow('EEXIST')
})
