import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { needOf, RESOURCES } from '../../gateway/api/http/needs.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import { checkAnswer } from '../contract/checkAnswer.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'

type Operation = Readonly<{ security?: readonly object[] }>
type Call = Readonly<{ method: 'GET' | 'POST' | 'DELETE' | 'PATCH' | 'PUT'; path: string; route: string }>
type Answer = Readonly<{ status: number; body: Record<string, unknown>; secret: string }>

let folder: string
let gateway: Awaited<ReturnType<typeof openGateway>>
let app: FastifyInstance
/** Every operation that takes a key, as the API describes itself. */
let calls: Call[]
let heron: { id: string; secret: string }
let other: { id: string; secret: string }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-keys-'))
  gateway = await openGateway(checkConfig(localConfig(folder, {})))
  app = newApp({ publicUrl: 'http://localhost', trustedProxies: ['127.0.0.1'] })
  await addApi(app, gateway)
  await app.ready()
  const { paths } = app.swagger() as { paths: Record<string, Record<string, Operation>> } // Its own document.
  calls = Object.entries(paths).flatMap(([path, by]) =>
    Object.entries(by).flatMap(([method, { security }]) => {
      const route = path.replace(/{([a-z_]+)}/g, ':$1')
      return security?.length === 0 ? [] : [{ method: method.toUpperCase() as Call['method'], path, route }]
    }),
  )
  ;[heron, other] = [await party('Heron'), await party('Other')]
}, 60_000)
afterAll(async () => {
  await app?.close()
  await gateway?.close()
  rmSync(folder, { recursive: true, force: true })
})

type How = Readonly<{ secret: string; payload?: object; from?: string; idempotencyKey?: string }>

async function ask(method: Call['method'], url: string, { secret, payload, from, idempotencyKey }: How): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${secret}`,
    'idempotency-key': idempotencyKey ?? crypto.randomUUID(),
    ...(from ? { 'x-forwarded-for': from } : {}),
  }
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  checkAnswer({ method, url, status: answer.statusCode, body: answer.json() })
  return { status: answer.statusCode, body: answer.json(), secret: String(answer.headers['switchyard-api-key'] ?? '') }
}

async function party(name: string) {
  const made = await ask('POST', '/v1/parties', { secret: OPERATOR_KEY, payload: { name } })
  return { id: String(made.body.id), secret: made.secret }
}

async function key(payload: object, secret = heron.secret) {
  const made = await ask('POST', '/v1/keys', { secret, payload: { name: 'of the test', ...payload } })
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ object: 'key' })])
  return { id: String(made.body.id), secret: made.secret }
}

const isRefused = ({ status, body }: Answer) => status === 403 && body.code === 'key_not_allowed'

test('an intent for another party is refused like one for nobody, and writes nothing of that party', async () => {
  const forWhom = async (payee: string) => {
    const payload = { amount: { asset: 'USD', amount: '1' }, payee }
    const { status, body } = await ask('POST', '/v1/payment_intents', { secret: heron.secret, payload })
    return [status, body.code]
  }
  expect(await forWhom(other.id)).toEqual([403, 'forbidden'])
  expect(gateway.parties.splits.houseOf(other.id as PartyId)).toBeUndefined()
  expect(await forWhom(`pa_${'0'.repeat(32)}`)).toEqual([403, 'forbidden'])
})

describe('rights', () => {
  test('every operation that takes a key needs a right that a key can be given', () => {
    expect(calls.length).toBeGreaterThan(60)
    const needed = new Set(calls.map(({ method, route }) => needOf({ method, routeOptions: { url: route } }).resource))
    expect([...needed].filter((resource) => !(RESOURCES as readonly string[]).includes(resource))).toEqual([])
    // A priced route is of whoever adds one, so it is in no description; the others are read without a key too, and tell more to one.
    expect(RESOURCES.filter((resource) => !needed.has(resource))).toEqual(['channels', 'rails', 'spending'])
  })
})

describe('keys', () => {
  test('a restricted key reads what it may and nothing else, and says in a refusal what it lacks', async () => {
    const { secret } = await key({ can: { parties: 'read' } })
    expect((await ask('GET', `/v1/parties/${heron.id}`, { secret })).status).toBe(200)
    expect((await ask('GET', `/v1/parties/${other.id}`, { secret })).status).toBe(404)
    const refused = await ask('GET', '/v1/payouts/po_00000000000000000000000000000000', { secret })
    expect([refused.status, refused.body.code, String(refused.body.detail)]).toEqual([
      403,
      'key_not_allowed',
      expect.stringContaining('This key may not read payouts'),
    ])
  })

  test('a key that may make keys makes no wider one, and renews none', async () => {
    const maker = await key({ can: { keys: 'write', parties: 'read' }, addresses: ['127.0.0.1'], expires_in_s: 3_600 })
    const wide = await key({})
    for (const payload of [
      {},
      { can: { payouts: 'write' } },
      { can: { parties: 'write' }, addresses: ['127.0.0.1'], expires_in_s: 60 },
      { can: { parties: 'read' }, expires_in_s: 60 },
      { can: { parties: 'read' }, addresses: ['127.0.0.1'] },
      { can: { parties: 'read' }, addresses: ['0.0.0.0/0'], expires_in_s: 60 },
      { can: { parties: 'read' }, addresses: ['127.0.0.1'], expires_in_s: 7_200 },
    ]) {
      const answer = await ask('POST', '/v1/keys', { secret: maker.secret, payload: { name: 'wider', ...payload } })
      expect(isRefused(answer), JSON.stringify(payload)).toBe(true)
    }
    expect(isRefused(await ask('POST', `/v1/keys/${wide.id}/rotate`, { secret: maker.secret, payload: {} }))).toBe(true)
    const narrow = await key({ can: { parties: 'read' }, addresses: ['127.0.0.1'], expires_in_s: 60 }, maker.secret)
    expect((await ask('GET', `/v1/parties/${heron.id}`, { secret: narrow.secret })).status).toBe(200)
  })

  test('a key that is bound to addresses is refused from others', async () => {
    const { secret } = await key({ addresses: ['203.0.113.0/24', '2001:db8::/32'] })
    const from = async (address: string) => (await ask('GET', `/v1/parties/${heron.id}`, { secret, from: address })).status
    expect([await from('203.0.113.9'), await from('2001:db8::9'), await from('203.0.114.9'), await from('2001:db9::1')]).toEqual([
      200, 200, 403, 403,
    ])
  })

  test('a party sees, renews and ends its own keys only; another’s are as if they were not there', async () => {
    const mine = await key({})
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/rotate'],
      ['POST', '/revoke'],
    ] as const) {
      const payload = path === '/rotate' ? { payload: {} } : {}
      const [own, missing] = [
        await ask(method, `/v1/keys/${mine.id}${path}`, { secret: other.secret, ...payload }),
        await ask(method, `/v1/keys/key_${'0'.repeat(32)}${path}`, { secret: other.secret, ...payload }),
      ]
      expect([own.status, own.body.detail]).toEqual([404, missing.body.detail])
    }
    expect((await ask('POST', '/v1/keys', { secret: other.secret, payload: { name: 'x', party: heron.id } })).status).toBe(403)
    expect((await ask('GET', `/v1/keys?party=${heron.id}`, { secret: other.secret })).status).toBe(403)
    expect((await ask('GET', `/v1/keys?after=${mine.id}`, { secret: other.secret })).status).toBe(404)
    const seen = (await ask('GET', '/v1/keys?limit=200', { secret: other.secret })).body.data as { party: string }[]
    expect(new Set(seen.map((one) => one.party))).toEqual(new Set([other.id]))
  })

  test('a key is revoked at once, and a rotated one is good for its overlap; a repeat gets the same answer without the secret', async () => {
    const first = await key({})
    const idempotencyKey = crypto.randomUUID()
    const rotate = () => ask('POST', `/v1/keys/${first.id}/rotate`, { secret: heron.secret, payload: { overlap_s: 600 }, idempotencyKey })
    const [once, again] = [await rotate(), await rotate()]
    expect([once.status, again.status, again.body]).toEqual([201, 201, once.body])
    expect([once.secret === '', again.secret]).toEqual([false, ''])
    const good = async (secret: string) => (await ask('GET', `/v1/parties/${heron.id}`, { secret })).status
    expect([await good(first.secret), await good(once.secret)]).toEqual([200, 200])
    expect((await ask('GET', `/v1/keys/${first.id}`, { secret: heron.secret })).body.status).toBe('ending')
    const ended = await ask('POST', `/v1/keys/${first.id}/revoke`, { secret: heron.secret })
    expect([ended.status, ended.body.status]).toEqual([200, 'revoked'])
    expect([await good(first.secret), await good(once.secret)]).toEqual([401, 200])
    expect((await ask('POST', `/v1/keys/${first.id}/rotate`, { secret: heron.secret, payload: {} })).body.code).toBe('key_ended')
  })

  test('the operator gives a party a new key where its own is lost, and nothing that is read of keys holds a secret', async () => {
    const lost = await party('Lost')
    const made = await ask('POST', '/v1/keys', { secret: OPERATOR_KEY, payload: { name: 'again', party: lost.id } })
    expect((await ask('GET', `/v1/parties/${lost.id}`, { secret: made.secret })).status).toBe(200)
    const list = await ask('GET', `/v1/keys?party=${lost.id}`, { secret: OPERATOR_KEY })
    expect((list.body.data as { name: string; ends_with: string }[]).map((one) => [one.name, one.ends_with])).toEqual([
      ['first key', lost.secret.slice(-4)],
      ['again', made.secret.slice(-4)],
    ])
    expect(JSON.stringify([list.body, made.body])).not.toContain(made.secret)
  })

  test('an operator’s own key is that person’s: with the role of the person, whatever else it says', async () => {
    const { secret } = await key({}, OPERATOR_KEY)
    expect((await ask('GET', '/v1/parties', { secret })).status).toBe(200)
    const reader = await key({ can: { parties: 'read' } }, OPERATOR_KEY)
    expect((await ask('GET', '/v1/parties', { secret: reader.secret })).status).toBe(200)
    expect(isRefused(await ask('POST', '/v1/parties', { secret: reader.secret, payload: { name: 'x' } }))).toBe(true)
    expect(isRefused(await ask('GET', '/v1/balances', { secret: reader.secret }))).toBe(true)
  })

  test.each([
    ['a resource that there is not', { can: { everything: 'write' } }],
    ['a right that there is not', { can: { payouts: 'own' } }],
    ['no right at all', { can: {} }],
    ['an address that is none', { addresses: ['example.com'] }],
    ['no address at all', { addresses: [] }],
    ['a life of no time', { expires_in_s: 1 }],
    ['no name', { name: ' ' }],
    ['an unknown field', { role: 'admin' }],
  ])('%s is refused with what to change', async (_, payload) => {
    const answer = await ask('POST', '/v1/keys', { secret: heron.secret, payload: { name: 'wrong', ...payload } })
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
  })

  test('of a resource that there is not, the refusal names those that there are', async () => {
    const answer = await ask('POST', '/v1/keys', { secret: heron.secret, payload: { name: 'wrong', can: { admission: 'write' } } })
    expect(answer.body.detail).toContain('there are acts, admissions, agents')
  })

  test('who sends no body where all of it may be left out is told to send an empty one', async () => {
    const { id } = await key({})
    const answer = await ask('POST', `/v1/keys/${id}/rotate`, { secret: heron.secret })
    expect([answer.status, answer.body.hint]).toEqual([400, expect.stringContaining('`{}`')])
  })
})
