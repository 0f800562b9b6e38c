// Needs the program go (Debian's package golang-go, or go.dev): Stripe's own mock holds each request of ours against the description of its API.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openApi, refusalOf } from '../../../adapters/stripe/api.ts'
import { NO_PROGRESS_MS } from '../../../gateway/ports/patience.ts'
import { freePort } from '../../freePorts.ts'
import { buildPrograms } from '../goPrograms.ts'

const BUILD_MS_MAX = 900_000

let program: string
beforeAll(async () => {
  const build = { module: join(import.meta.dirname, 'mock'), args: ['github.com/stripe/stripe-mock'] }
  const { mock } = await buildPrograms(
    { cache: 'stripe-mock', about: 'half a minute of a processor, once', builds: { mock: build } },
    console.log,
  )
  program = mock
}, BUILD_MS_MAX)

async function startMock(): Promise<string> {
  const port = await freePort()
  const child = spawn(program, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + NO_PROGRESS_MS; ; await sleep(50)) {
    const answered = await fetch(url).catch(() => undefined)
    if (answered) return url
    if (child.exitCode !== null || Date.now() > end) throw new Error('Stripe’s mock does not run')
  }
}

/** The one parameter that Stripe's own client knows and the description of its newest mock does not yet. */
const NEWER = '&allowed_payment_method_types[0]=card'

/** The mock behind an address that takes this parameter out of requests which have it. */
async function withoutNewer(mock: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('')
    const { authorization = '', 'content-type': type = '' } = request.headers
    const kept = decodeURIComponent(body).includes(NEWER) ? body.replace(encodeURI(NEWER), '').replace(NEWER, '') : body
    const method = request.method ?? 'GET'
    const sent = method === 'GET' ? {} : { body: kept }
    const answer = await fetch(`${mock}${request.url}`, { method, headers: { authorization, 'content-type': type }, ...sent })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // It listens on TCP.
  return `http://127.0.0.1:${port}`
}

test('each request that the rail makes is one of Stripe’s API, and its answer has the shape that is read', async () => {
  const api = openApi({ secretKey: 'sk_test_12345678', url: await withoutNewer(await startMock()) })
  const [expiresAt, ref] = [Math.floor(Date.now() / 1_000) + 3_600, `0x${'ab'.repeat(32)}`]
  const checkout = { ref, cents: 500, currency: 'eur', text: 'A thing', returnUrl: 'https://shop.example/thanks', expiresAt }
  expect((await api.openCheckout(checkout)).url).toMatch(/^https:\/\/checkout\.stripe\.com\//)
  expect((await api.transfer({ id: 'at_1', account: 'acct_1234567890', cents: 5, currency: 'eur' })).amount).toBe(5)
  expect((await api.refund({ id: 'at_2', payment: 'pi_1234567890', cents: 7 })).amount).toBe(7)
  expect((await api.transferOf('at_1'))?.id).toMatch(/^tr_/)
  expect(await api.refundOf('at_2', 'pi_1234567890')).toBe(undefined)
  expect((await api.transferById('tr_1')).id).toBe('tr_1')
  expect((await api.balance()).available.length).toBeGreaterThan(0)
  expect(await api.onTheWay('usd')).toBeGreaterThanOrEqual(0)
  expect((await api.newestTransaction('usd'))?.id).toMatch(/^txn_/)
  expect((await api.sourceOf('txn_1'))?.id).toBeDefined()
  expect(await api.currencyOf('pi_1234567890')).toMatch(/^[a-z]{3}$/)
  expect((await api.transactionsSince(expiresAt - 10_000, 'usd')).length).toBeGreaterThan(0)
  for (const after of ['', 'txn_1']) expect((await api.transactionsAfter(after, 'usd')).length).toBeGreaterThan(0)
  expect((await api.transactionById('txn_1')).id).toBe('txn_1')
})

test('what the description does not allow is refused, so the test above could fail', async () => {
  const api = openApi({ secretKey: 'sk_test_12345678', url: await startMock() })
  const error: unknown = await api
    .transfer({ id: 'at_1', account: 'acct_1', cents: 0.5, currency: 'eur' })
    .catch((refused: unknown) => refused)
  expect(refusalOf(error)).toMatchObject({ reason: 'rejected_by_rail' })
})
