import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { BANK_ACCOUNT, CHALLENGE_SECRET, localConfig, OPERATOR_KEY } from '../../test/localConfig.ts'

const SOON = { timeout: 50_000, interval: 50 }

/** A gateway with a bank alone, in a process of its own, and what it writes for the operator. */
async function startGateway(level?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-log-'))
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const file = join(folder, 'config.json')
  const rails = { evm: [], bank: { folder: bank, account: BANK_ACCOUNT, feeEur: '0.02', pollMs: 50 } }
  writeFileSync(file, JSON.stringify(localConfig(join(folder, 'data'), rails)))
  const { SWITCHYARD_LOG: _, ...env } = process.env
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), ['gateway', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [...NODE_FLAGS],
    env: level === undefined ? env : { ...env, SWITCHYARD_LOG: level },
  })
  let written = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    written += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  })
  const url = await Promise.race([
    exited.then(() => undefined),
    new Promise<string>((resolve) => {
      child.on('message', (message: { railsOpen?: object; ready?: { url: string } }) => {
        if (message.railsOpen) child.send({ go: true })
        if (message.ready) resolve(message.ready.url)
      })
    }),
  ])
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const response = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return (await response.json()) as { id: string; code?: string }
  }
  const lines = () => written.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  return { call, lines, written: () => written, exited, url }
}

test('there is a line for each request and one for each payment that ends, and no secret in them', async () => {
  const { call, lines, written } = await startGateway()
  const seller = await call('POST', '/v1/parties', { name: 'seller' })
  const ids: string[] = []
  for (let i = 0; i < 20; i++) {
    const intent = await call('POST', '/v1/payment_intents', { amount: { asset: 'USD', amount: '2.50' }, payee: seller.id })
    await call('POST', `/v1/payment_intents/${intent.id}/cancel`, {})
    ids.push(intent.id)
  }
  await call('GET', '/v1/nothing?key=sk_0123456789abcdef')
  const payments = () => lines().filter(({ payment }) => payment !== undefined)
  await expect.poll(() => payments().length, SOON).toBe(20)
  expect(payments().map(({ payment }) => payment)).toEqual(ids)
  expect(payments()[0]).toMatchObject({ level: 30, status: 'canceled' })
  const requests = () => lines().filter(({ route }) => route !== undefined)
  await expect.poll(() => requests().length, SOON).toBe(42)
  expect(requests()[0]).toMatchObject({
    level: 30,
    method: 'POST',
    route: '/v1/parties',
    status: 201,
    request: expect.stringMatching(/^req_/),
  })
  expect(requests().at(-1)).toMatchObject({ status: 404 })
  for (const secret of [OPERATOR_KEY, CHALLENGE_SECRET, 'sk_0123456789abcdef']) expect(written()).not.toContain(secret)
})

test('a level that there is not is refused with those that there are', async () => {
  const { exited, written, url } = await startGateway('loud')
  expect([await exited, url]).toEqual([1, undefined])
  expect(written()).toMatch(/SWITCHYARD_LOG.*loud[\s\S]*trace, debug, info, warn, error, fatal, silent/)
})
