import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../config/config.ts'
import { runWords } from './program.ts'

let printed = ''
beforeEach(() => {
  printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += text
  })
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

test('for mainnet nothing is wrong but that mainnet is refused', async () => {
  const { code, file, env } = await written('mainnet')
  // The files are there to be read, and no gateway starts with them: a script that goes on is told so.
  expect(code).toBe(3)
  expect(printed).toMatch(/no gateway of this version starts with it.*mainnet/is)
  expect(printed).not.toContain('switchyard gateway --config')
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
