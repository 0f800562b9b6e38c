import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

type Act = { id: string; what: string; person: string | null; key: string | null; from: string; resources: string[]; block: number }

const ANNA = 'sk_anna_of_this_gateway'
let w: PeopleWorld
let heron: { id: string; secret: string }
let other: { id: string; secret: string }

beforeAll(async () => {
  w = await openPeopleWorld({ operators: [{ name: 'anna', key: ANNA, role: 'admin' }] })
  ;[heron, other] = [await w.party('Heron'), await w.party('Other')]
}, 60_000)
afterAll(() => w?.close())

async function acts(secret: string, query = ''): Promise<Act[]> {
  const { status, body } = await w.ask('GET', `/v1/acts?${query}`, secret)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.data as Act[]
}

describe('people of a party', () => {
  test.each([
    ['viewer', ['GET']],
    ['operator', ['GET', 'POST']],
    ['approver', ['GET']],
    ['admin', ['GET', 'POST', 'KEYS']],
  ] as const)('a person in the role %s does what the role says, with the party’s own things alone', async (role, may) => {
    const { secret } = await w.key(heron.secret, { person: `one-${role}`, role })
    const read = await w.ask('GET', `/v1/parties/${heron.id}`, secret)
    expect([read.status, (await w.ask('GET', `/v1/parties/${other.id}`, secret)).status]).toEqual([200, 404])
    const cancel = await w.ask('POST', '/v1/withdraw_links/wl_00000000000000000000000000000000/cancel', secret)
    expect(cancel.status).toBe((may as readonly string[]).includes('POST') ? 404 : 403)
    const invite = await w.ask('POST', '/v1/keys', secret, { payload: { name: 'x', person: 'Zoe', role: 'viewer' } })
    expect(invite.status).toBe((may as readonly string[]).includes('KEYS') ? 201 : 403)
    // Not even an admin of a party is an operator of the gateway.
    expect((await w.ask('GET', '/v1/balances', secret)).body.code).toBe('forbidden')
  })

  test('a key that a person makes is that person’s, and keeps the role when it is rotated', async () => {
    const anna = await w.key(heron.secret, { person: 'Anna', role: 'admin' })
    const second = await w.ask('POST', '/v1/keys', anna.secret, { payload: { name: 'at home' } })
    expect(second.body).toMatchObject({ person: 'Anna', role: 'admin', party: heron.id, kind: 'secret' })
    const rotated = await w.ask('POST', `/v1/keys/${second.body.id}/rotate`, anna.secret, { payload: {} })
    expect(rotated.body).toMatchObject({ person: 'Anna', role: 'admin' })
    const list = (await w.ask('GET', '/v1/keys?limit=200', heron.secret)).body.data as { person: string | null }[]
    expect(list.filter(({ person }) => person === 'Anna')).toHaveLength(3)
  })

  test.each([
    ['a person without a role', { person: 'Anna' }],
    ['a role without a person', { role: 'viewer' }],
    ['a role that there is not', { person: 'Anna', role: 'owner' }],
    ['a name that cannot be seen', { person: '\u202eannA', role: 'viewer' }],
    ['a publishable key with rights', { publishable: true, can: { payouts: 'write' } }],
  ])('%s is refused', async (_, payload) => {
    expect((await w.ask('POST', '/v1/keys', heron.secret, { payload: { name: 'x', ...payload } })).status).toBe(400)
  })

  test('an operator’s own key is nobody else’s, and no publishable one', async () => {
    for (const payload of [{ person: 'Zoe', role: 'admin' }, { publishable: true }])
      expect((await w.ask('POST', '/v1/keys', ANNA, { payload: { name: 'x', ...payload } })).body.code).toBe('invalid_request')
  })
})

test('who is paid by an intent does not pay it from the same balance, alone or with others, and is told so', async () => {
  const payees = [heron, other].map(({ id }, i) => ({ party: id, account: `0x5${i}${'5e'.repeat(19)}`, shares: 1 }))
  const { body: split } = await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload: { label: 'both', payees } })
  await w.fund(heron.id, 10_000_000n)
  for (const to of [{ payee: heron.id }, { split: split.id }]) {
    const payload = { amount: { asset: 'USD', amount: '1' }, ...to }
    const { id } = (await w.ask('POST', '/v1/payment_intents', OPERATOR_KEY, { payload })).body
    const paid = await w.ask('POST', `/v1/payment_intents/${id}/pay`, heron.secret, { payload: { rail: 'book' } })
    expect([paid.status, paid.body.code]).toEqual([400, 'invalid_request'])
    expect((await w.ask('GET', `/v1/payment_intents/${id}`, OPERATOR_KEY)).body.status).toBe('open')
  }
})

describe('publishable keys', () => {
  test('one reads an intent as its payer does, also its own party’s, from a page of any origin, and nothing else', async () => {
    const { secret } = await w.key(heron.secret, { publishable: true })
    expect(secret).toMatch(/^pk_/)
    const payload = { amount: { asset: 'USD', amount: '1' }, payee: heron.id, metadata: { order: 'private' } }
    const intent = await w.ask('POST', '/v1/payment_intents', heron.secret, { payload })
    const url = `/v1/payment_intents/${intent.body.id}`
    const seen = await w.ask('GET', url, secret, { headers: { origin: 'https://shop.example' } })
    expect([seen.status, seen.headers['access-control-allow-origin']]).toEqual([200, '*'])
    expect(JSON.stringify(seen.body)).not.toContain('private')
    expect((await w.ask('GET', url, heron.secret)).body.metadata).toEqual({ order: 'private' })
    for (const [method, path] of [
      ['POST', `${url}/cancel`],
      ['POST', `${url}/pay`],
      ['POST', '/v1/payment_intents'],
      ['GET', '/v1/keys'],
      ['POST', '/v1/keys'],
      ['GET', `/v1/parties/${heron.id}`],
      ['GET', '/v1/acts'],
      ['GET', '/v1/events'],
    ] as const) {
      const answer = await w.ask(method, path, secret, method === 'POST' ? { payload: { name: 'x', rail: 'book', ...payload } } : {})
      expect([400, 403], `${method} ${path} ${JSON.stringify(answer.body)}`).toContain(answer.status)
      if (answer.status === 403) expect(answer.body.code).toBe('key_not_allowed')
    }
  })
})

describe('acts', () => {
  test('each change says who, from where, what and about which, in the same block; traffic of programs and reads are none', async () => {
    const maker = await w.key(heron.secret, { person: 'Mia', role: 'admin' })
    const made = await w.ask('POST', '/v1/keys', maker.secret, { payload: { name: 'shop' }, from: '203.0.113.7' })
    const payload = { amount: { asset: 'USD', amount: '1' }, payee: heron.id }
    const intent = await w.ask('POST', '/v1/payment_intents', maker.secret, { payload })
    expect(intent.status).toBe(201)
    await w.ask('GET', '/v1/keys', maker.secret)
    const [newest, ...older] = await acts(heron.secret, 'person=Mia')
    expect(newest).toMatchObject({ what: 'POST /v1/keys', person: 'Mia', key: maker.id, from: '203.0.113.7', status: 201 })
    expect([newest?.resources, older]).toEqual([[made.body.id, heron.id], []])
    expect(await acts(heron.secret, `resource=${made.body.id}`)).toEqual([newest])
    expect(await acts(heron.secret, `key=${maker.id}`)).toEqual([newest])
    expect((await acts(heron.secret, 'resource=keys'))[0]).toEqual(newest)
    const facts = await w.gateway().ledger.factsAt(newest!.block)
    expect(facts.map(({ type }) => type)).toEqual(expect.arrayContaining(['key.created', 'act.done']))
    expect((await acts(heron.secret, `resource=${intent.body.id}`)).length).toBe(0)
  })

  test('a repeat under its Idempotency-Key is no second act, and a refusal is none', async () => {
    const idempotencyKey = crypto.randomUUID()
    const payload = { name: 'once', person: 'Twice', role: 'admin' }
    for (let i = 0; i < 3; i++) await w.ask('POST', '/v1/keys', heron.secret, { payload, idempotencyKey })
    await w.ask('POST', '/v1/keys', heron.secret, { payload: { name: 'x', party: other.id } })
    const found = await acts(heron.secret, 'resource=keys&limit=200')
    expect(found.length).toBeGreaterThan(0)
    const list = (await w.ask('GET', '/v1/keys?limit=200', heron.secret)).body.data as { id: string; name: string }[]
    const [once] = list.filter(({ name }) => name === 'once')
    expect(found.filter(({ resources }) => resources.includes(once!.id))).toHaveLength(1)
    expect(found.filter(({ resources }) => resources.includes(other.id))).toEqual([])
  })

  test('a party reads its own acts alone, an operator all, page after page, each once', async () => {
    for (let i = 0; i < 5; i++) await w.key(other.secret, {})
    const all = await acts(OPERATOR_KEY, 'limit=200')
    const pages: Act[] = []
    for (let after = ''; ; ) {
      const { body } = await w.ask('GET', `/v1/acts?limit=2${after}`, OPERATOR_KEY)
      pages.push(...(body.data as Act[]))
      if (!body.has_more) break
      after = `&after=${body.next}`
    }
    expect(pages).toEqual(all)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const own = await acts(other.secret, 'limit=200')
    expect(own).toEqual(all.filter((act) => (act as unknown as { party: string }).party === other.id))
    expect(own.length).toBe(5)
    expect(await acts(OPERATOR_KEY, `party=${other.id}&limit=200`)).toEqual(own)
    const foreign = all.find((act) => (act as unknown as { party: string }).party === heron.id)!
    expect((await w.ask('GET', `/v1/acts?after=${foreign.id}`, other.secret)).status).toBe(404)
    expect((await w.ask('GET', `/v1/acts?party=${heron.id}`, other.secret)).status).toBe(403)
  })

  test('acts are found by time, and stand as they were after a restart', async () => {
    const all = await acts(OPERATOR_KEY, 'limit=200')
    const at = (all as unknown as { at: string }[]).map((act) => act.at)
    const middle = at[Math.floor(at.length / 2)]!
    const [before, since] = [await acts(OPERATOR_KEY, `limit=200&until=${middle}`), await acts(OPERATOR_KEY, `limit=200&since=${middle}`)]
    expect([...since, ...before]).toEqual(all)
    expect(before.length * since.length).toBeGreaterThan(0)
    await w.restart()
    expect(await acts(OPERATOR_KEY, 'limit=200')).toEqual(all)
  })

  test('a filter that is not known, or two at once, are refused', async () => {
    for (const query of ['role=admin', 'person=a&resource=b', 'since=yesterday', 'limit=201', 'after=act_1'])
      expect((await w.ask('GET', `/v1/acts?${query}`, OPERATOR_KEY)).status, query).toBe(400)
    expect((await w.ask('GET', `/v1/acts?after=act_${'0'.repeat(32)}`, OPERATOR_KEY)).status).toBe(404)
  })
})
