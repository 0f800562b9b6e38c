import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkAnswer } from '../contract/checkAnswer.ts'
import { until } from '../e2e/yard.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { startGatewayProcess } from '../seller/gatewayProcess.ts'

const DEATHS = 3
const INTENTS = 30
const TYPES = ['payment_intent.*']

let gateway: Awaited<ReturnType<typeof startGatewayProcess>>
let seller: { id: string; key: string }
beforeAll(async () => {
  gateway = await startGatewayProcess(undefined)
  seller = await gateway.seller()
}, 60_000)
afterAll(() => gateway?.close())

type Came = { id: string; type: string; subject: string }
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A receiver that verifies with these secrets, and answers as `answer` says. */
async function startReceiver(secrets: string[], answer = (response: ServerResponse, _: Came) => void response.writeHead(204).end()) {
  const came: Came[] = []
  const signatures: string[] = []
  const wrong: unknown[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const event = JSON.parse(body) as Came
    try {
      for (const secret of secrets) new Webhook(secret).verify(body, request.headers as Record<string, string>) // Each once, as Node has them.
    } catch (error) {
      wrong.push(error)
    }
    signatures.push(String(request.headers['webhook-signature']))
    came.push(event)
    answer(response, event)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    expect(wrong).toEqual([])
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, came, signatures } // A TCP server's.
}

async function ask(method: Method, path: string, o: { key?: string; body?: object; idempotencyKey?: string } = {}) {
  const headers = {
    authorization: `Bearer ${o.key ?? seller.key}`,
    'idempotency-key': o.idempotencyKey ?? crypto.randomUUID(),
    ...(o.body ? { 'content-type': 'application/json' } : {}),
  }
  const response = await fetch(`${gateway.url()}${path}`, { method, headers, ...(o.body ? { body: JSON.stringify(o.body) } : {}) })
  // Its fields are of the contract, which is checked.
  const body = (await response.json()) as Record<string, unknown> & { id: string; data: Record<string, unknown>[]; code: string }
  checkAnswer({ method, url: path, status: response.status, body })
  return { status: response.status, body, secret: response.headers.get('switchyard-webhook-secret') ?? '' }
}

async function endpoint(url: string, more: object = {}, key = seller.key) {
  const made = await ask('POST', '/v1/webhook_endpoints', { key, body: { url, types: TYPES, ...more } })
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ object: 'webhook_endpoint', status: 'enabled' })])
  onTestFinished(async () => void (await ask('DELETE', `/v1/webhook_endpoints/${made.body.id}`, { key })))
  return { id: made.body.id, secret: made.secret }
}

const intent = async (of = seller): Promise<string> =>
  (await ask('POST', '/v1/payment_intents', { key: of.key, body: { amount: { asset: 'USD', amount: '1' }, payee: of.id } })).body.id

const deliveries = async (id: string, query = '') =>
  (await ask('GET', `/v1/webhook_endpoints/${id}/deliveries?limit=100${query}`)).body.data

test('no event is lost while the gateway is killed, and those of one intent come in order', async () => {
  const secrets: string[] = []
  let n = 0
  const refused = new Set<string>()
  const receiver = await startReceiver(secrets, (response, { id }) => {
    // Some are refused once, some are answered late, so that each death meets messages on their way.
    n += 1
    if (n % 7 === 3 && !refused.has(id)) {
      refused.add(id)
      response.writeHead(500).end()
    } else setTimeout(() => response.writeHead(200).end(), n % 5)
  })
  secrets.push((await endpoint(receiver.url)).secret)
  const acknowledged: string[] = []
  for (let death = 0; death < DEATHS; death++) {
    const goal = acknowledged.length + INTENTS
    const writing = Array.from({ length: 4 }, async () => {
      try {
        for (;;) {
          const id = await intent()
          acknowledged.push(`payment_intent.created ${id}`)
          await ask('POST', `/v1/payment_intents/${id}/cancel`)
          acknowledged.push(`payment_intent.canceled ${id}`)
        }
      } catch {
        // It is dead.
      }
    })
    await until('the intents', async () => acknowledged.length >= goal && receiver.came.length > 0)
    await gateway.kill()
    await Promise.all(writing)
    await gateway.start()
  }
  const arrived = () => new Set(receiver.came.map(({ type, subject }) => `${type} ${subject}`))
  await until('all of them', async () => acknowledged.every((one) => arrived().has(one)))
  const created = new Set<string>()
  for (const { type, subject } of receiver.came) {
    if (type === 'payment_intent.created') created.add(subject)
    else expect(created).toContain(subject)
  }
}, 120_000)

test('a holder reads what its endpoint was brought; what is another’s is not there, and not brought', async () => {
  const other = await gateway.seller()
  const secrets: string[] = []
  const [own, all] = [await startReceiver(secrets), await startReceiver([])]
  const made = await endpoint(own.url, { description: 'till', metadata: { shop: 'north' } })
  secrets.push(made.secret)
  const operators = await endpoint(all.url, {}, OPERATOR_KEY)
  const [mine, theirs] = [await intent(), await intent(other)]
  await until('both', async () => all.came.length === 2 && own.came.length === 1)
  expect([own.came.map(({ subject }) => subject), all.came.map(({ subject }) => subject).sort()]).toEqual([[mine], [mine, theirs].sort()])
  const [delivery] = await deliveries(made.id)
  expect(delivery).toMatchObject({ subject: mine, status: 'delivered', next_try_at: null, tries: [{ status: 204, detail: '' }] })
  for (const id of [made.id, operators.id]) {
    const path = `/v1/webhook_endpoints/${id}`
    for (const [method, url, body] of [
      ['GET', path, undefined],
      ['GET', `${path}/deliveries`, undefined],
      ['PATCH', path, { description: 'mine now' }],
      ['DELETE', path, undefined],
      ['POST', `${path}/disable`, undefined],
      ['POST', `${path}/rotate_secret`, {}],
      ['POST', `${path}/replay`, { from: own.came[0]!.id }],
    ] as const)
      expect(await ask(method, url, { key: other.key, ...(body ? { body } : {}) })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
  }
  const listed = (await ask('GET', '/v1/webhook_endpoints')).body.data
  expect(listed.map(({ id }) => id)).toEqual([made.id])
  expect(listed[0]).toMatchObject({ description: 'till', metadata: { shop: 'north' }, party: seller.id, types: TYPES })
  expect(JSON.stringify(listed)).not.toContain('whsec')
}, 60_000)

test('a secret is replaced with an overlap, events are brought again, and a repeat of each order does nothing twice', async () => {
  const secrets: string[] = []
  const receiver = await startReceiver(secrets)
  const { id, secret } = await endpoint(receiver.url)
  secrets.push(secret)
  await intent()
  await until('the first', async () => receiver.came.length === 1)
  const order = { body: { overlap_s: 600 }, idempotencyKey: crypto.randomUUID() }
  const path = `/v1/webhook_endpoints/${id}`
  const rotated = await ask('POST', `${path}/rotate_secret`, order)
  expect([rotated.status, rotated.secret]).toEqual([201, expect.stringMatching(/^whsec_/)])
  expect((await ask('POST', `${path}/rotate_secret`, order)).secret).toBe('')
  secrets.push(rotated.secret)
  await intent()
  await until('the second', async () => receiver.came.length === 2)
  expect(receiver.signatures.map((signature) => signature.split(' ').length)).toEqual([1, 2])
  const replay = { body: { from: receiver.came[0]!.id, until: receiver.came[1]!.id }, idempotencyKey: crypto.randomUUID() }
  for (let n = 0; n < 2; n++) expect((await ask('POST', `${path}/replay`, replay)).status).toBe(200)
  await until('both again', async () => receiver.came.length === 4)
  expect(receiver.came.slice(2).map((event) => event.id)).toEqual(receiver.came.slice(0, 2).map((event) => event.id))
  expect((await ask('POST', `${path}/replay`, { body: { from: `evt_${'0'.repeat(20)}` } })).body.code).toBe('not_found')
}, 60_000)

test('what waits at one that is switched off is brought when it is on again; one that answers 410 is switched off', async () => {
  const secrets: string[] = []
  let gone = false
  const receiver = await startReceiver(secrets, (response) => void response.writeHead(gone ? 410 : 200).end())
  const { id, secret } = await endpoint(receiver.url)
  secrets.push(secret)
  const path = `/v1/webhook_endpoints/${id}`
  expect((await ask('POST', `${path}/disable`)).body).toMatchObject({ status: 'disabled', disabled_because: 'asked' })
  const waited = await intent()
  expect(receiver.came).toEqual([])
  await ask('POST', `${path}/enable`)
  await until('what has waited', async () => receiver.came.length === 1)
  expect(receiver.came[0]!.subject).toBe(waited)
  gone = true
  await intent()
  await until('its end', async () => (await ask('GET', path)).body.status === 'disabled')
  expect((await ask('GET', path)).body).toMatchObject({ disabled_because: 'gone' })
  const told = (await ask('GET', `/v1/events?limit=100&subject=${id}`)).body.data
  expect(told.map(({ type }) => type)).toEqual(['created', 'disabled', 'enabled', 'disabled'].map((word) => `webhook_endpoint.${word}`))
  gone = false
  await ask('PATCH', path, { body: { types: null, description: 'all of it' } })
  await ask('POST', `${path}/enable`)
  await until('the one that was refused', async () => (await deliveries(id, '&status=waiting')).length === 0)
  expect((await ask('GET', path)).body).toMatchObject({ types: null, description: 'all of it', status: 'enabled' })
  const idempotencyKey = crypto.randomUUID()
  for (let n = 0; n < 2; n++) expect((await ask('DELETE', path, { idempotencyKey })).status).toBe(200)
  expect((await ask('GET', path)).status).toBe(404)
}, 60_000)

test.each([
  ['no URL', {}, 'url'],
  ['one of no web server', { url: 'ftp://shop.example/' }, 'url'],
  ['a type that there is not', { url: 'http://127.0.0.1:9/', types: ['payment.lost'] }, 'types.0'],
  ['no types at all', { url: 'http://127.0.0.1:9/', types: [] }, 'types'],
  ['an unknown field', { url: 'http://127.0.0.1:9/', secret: 'mine' }, ''],
])('an endpoint of %s is refused with the field', async (_, body, path) => {
  const { status, body: problem } = await ask('POST', '/v1/webhook_endpoints', { body })
  expect([status, problem.code]).toEqual([400, 'invalid_request'])
  expect((problem.errors as { path: string }[]).map((one) => one.path)).toContain(path)
})

test('a holder has so many endpoints and no more, also when many are asked for at once', async () => {
  const crowd = await gateway.seller()
  const body = { url: 'http://127.0.0.1:9/hooks' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/v1/webhook_endpoints', { key: crowd.key, body })))
  const codes = answers.map(({ status, body: answer }) => (status === 201 ? 'made' : answer.code)).sort()
  expect(codes).toEqual([...Array.from({ length: 16 }, () => 'made'), ...Array.from({ length: 4 }, () => 'too_many_endpoints')].sort())
}, 30_000)

test('a key that may read no events has none brought to it either', async () => {
  const body = { name: 'of the test', can: { webhook_endpoints: 'write' } }
  const headers = { authorization: `Bearer ${seller.key}`, 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/json' }
  const made = await fetch(`${gateway.url()}/v1/keys`, { method: 'POST', headers, body: JSON.stringify(body) })
  const key = made.headers.get('switchyard-api-key')!
  const order = { key, body: { url: 'http://127.0.0.1:9/hooks' } }
  expect(await ask('POST', '/v1/webhook_endpoints', order)).toMatchObject({ status: 403, body: { code: 'key_not_allowed' } })
  const { id } = await endpoint('http://127.0.0.1:9/hooks', { types: ['payout.*'] })
  expect(await ask('PATCH', `/v1/webhook_endpoints/${id}`, { ...order })).toMatchObject({ status: 403, body: { code: 'key_not_allowed' } })
  expect((await ask('POST', `/v1/webhook_endpoints/${id}/disable`, { key })).status).toBe(200)
})
