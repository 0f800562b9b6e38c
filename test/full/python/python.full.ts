import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningYard, startYard } from '../../../app/yard/startYard.ts'
import { createGateway } from '../../../gateway/sdk/createGateway.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MYPY = 'mypy==2.4.1'
/** pip and the registry take what they take. */
const INSTALL_MS_MAX = 600_000

let folder: string
let packages: string
/** Apart: mypy takes no path that has its own parts. */
let judges: string
let yard: RunningYard
beforeAll(async () => {
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0)
    throw new Error("these tests need the programs python3 and pip, 3.11 or newer (Debian's package python3-pip)")
  folder = mkdtempSync(join(tmpdir(), 'switchyard-python-'))
  packages = join(folder, 'packages')
  judges = join(folder, 'judges')
  // A copy, because building leaves files beside the source, and takes what an earlier build has left there.
  mkdirSync(join(folder, 'source'))
  for (const part of ['pyproject.toml', 'README.md', 'switchyard_api'])
    cpSync(join(ROOT, 'packages/python', part), join(folder, 'source', part), { recursive: true })
  for (const [target, wanted] of [
    [packages, join(folder, 'source')],
    [judges, MYPY],
  ] as const)
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', target, wanted], {
      stdio: 'pipe',
    })
  yard = await startYard()
}, INSTALL_MS_MAX)
afterAll(async () => {
  await yard?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const python = (words: readonly string[], more: Record<string, string> = {}) => {
  const env = { ...process.env, PYTHONPATH: `${packages}:${judges}`, PYTHONDONTWRITEBYTECODE: '1', MYPYPATH: packages, ...more }
  return promisify(execFile)('python3', [...words], { cwd: folder, env })
}
const mypy = (...files: string[]) =>
  python(['-m', 'mypy', '--strict', '--cache-dir', join(folder, 'mypy'), ...files]).catch((error: { stdout: string }) => error) // As execFile throws it.

test('its own source, the example and a program that uses it are typed strictly', async () => {
  const files = ['test/full/python/program.py', 'examples/python/shop.py'].map((file) => join(ROOT, file))
  expect(existsSync(join(packages, 'switchyard_api/py.typed'))).toBe(true)
  expect((await mypy('-p', 'switchyard_api')).stdout).toMatch(/^Success/)
  for (const file of files) expect((await mypy(file)).stdout).toMatch(/^Success/)
})

test('a wrong field, value, query or option does not pass mypy', async () => {
  const { stdout } = await mypy(join(ROOT, 'test/full/python/wrong.py'))
  const lines = [...stdout.matchAll(/wrong\.py:(\d+): error/g)].map(([, line]) => Number(line)) // not money: a line
  expect([...new Set(lines)]).toEqual([6, 7, 8, 9, 10, 11, 12])
})

test('it makes, pays, lists and is refused, and repeats nothing twice', async () => {
  const operator = createGateway({ url: yard.url, key: yard.key })
  const payer = await operator.parties.create({ name: 'Payer' })
  const [customer] = yard.wallets.bank.customers
  await yard.wallets.bank.transfer({ customer: customer!.id, amount: '20.00', remittance: payer.top_up_reference! })
  for await (const event of createGateway({ url: yard.url, key: payer.api_key! }).events({ after: 'first', types: ['deposit.received'] }))
    if (event.type === 'deposit.received' && event.data.party === payer.id) break
  const [balance] = (await operator.parties.get(payer.id)).balances
  const amount = { asset: balance!.code, amount: '5' }
  const order = { url: yard.url, operator: yard.key, key: payer.api_key, party: payer.id, amount }
  const { stdout } = await python([join(import.meta.dirname, 'program.py'), JSON.stringify(order)])
  expect(JSON.parse(stdout)).toEqual({
    key: expect.stringMatching(/^sk_/),
    again: [true, null],
    canceled: 'canceled',
    payout: [true, 'settled'],
    parties: [true, true, 1, true],
    event: ['payment_intent.created', true],
    refused: [
      ['intent_closed', 409, 'failed', 'payPaymentIntent', true],
      ['not_found', 404, 'failed', 'getParty', false],
      ['unauthorized', 401, 'failed', 'listParties', false],
      ['not_reached', null, 'unknown', 'createPayout', true],
      ['not_reached', null, 'failed', 'listRails', false],
      ['webhook_invalid', null, 'failed', 'verify_webhook', false],
    ],
  })
})

test('the example runs', async () => {
  const { stdout } = await python([join(ROOT, 'examples/python/shop.py')], { SWITCHYARD_URL: yard.url, SWITCHYARD_KEY: yard.key })
  expect(stdout).toMatch(/^pay at http.*\n( {2}\S+: [\d.]+ \S+\n)+refused: intent_closed, .*\n.* canceled pi_/)
})
