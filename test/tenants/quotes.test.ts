import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

/** A dollar in the smallest units of the asset of balances here, of six places. */
const UNITS = 1_000_000n

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }

beforeAll(async () => {
  w = await openPeopleWorld({ payouts: { quotes: { partyOpen: 5 } } })
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  await w.fund(ann.id, 500n * UNITS)
}, 60_000)
afterAll(() => w?.close())

const worth = (amount: string) => ({ asset: w.gateway().ground.bookAsset.id, amount })
type Asked = Readonly<{ secret?: string; idempotencyKey?: string }>
const toBen = () => [{ kind: 'party', party: ben.id }]
const make = (payload: object = {}, { secret = ann.secret, ...o }: Asked = {}) =>
  w.ask('POST', '/v1/quotes', secret, { payload: { party: ann.id, send: worth('2.5'), destinations: toBen(), ...payload }, ...o })
const use = (quote: unknown, payload: object = {}, { secret = ann.secret, ...o }: Asked = {}) =>
  w.ask('POST', '/v1/payouts', secret, { payload: { party: ann.id, quote, ...payload }, ...o })
const read = async (path: string, secret = ann.secret) => w.ask('GET', path, secret)
const balance = (party: string) => {
  const { creditsPosted, debitsPosted, debitsPending } = w.gateway().ledger.books.balance(`party:${party}`, w.gateway().ground.bookAsset)
  return creditsPosted - debitsPosted - debitsPending
}

describe('quotes', () => {
  test('are made, used with their numbers, and then say which payout they became', async () => {
    const has = balance(ann.id)
    const made = await make({ metadata: { order: '7' } })
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ object: 'quote', status: 'open', side: 'send', rail: 'book', metadata: { order: '7' } }),
    ])
    expect(made.body).toMatchObject({ send: { amount: '2.5' }, receive: { amount: '2.5' }, fee: { amount: '0' }, spread_ppm: '0' })
    const paid = await use(made.body.id, { reference: 'order 7' })
    expect([paid.status, paid.body]).toEqual([
      201,
      expect.objectContaining({ object: 'payout', quote: made.body.id, reference: 'order 7' }),
    ])
    expect((await read(`/v1/payouts/${paid.body.id}?wait=20`)).body).toMatchObject({ status: 'settled', amount: { amount: '2.5' } })
    expect(has - balance(ann.id)).toBe(2_500_000n)
    expect((await read(`/v1/quotes/${made.body.id}`)).body).toMatchObject({ status: 'used', payout: paid.body.id })
    const { data } = (await read(`/v1/events?subject=${made.body.id}`)).body as { data: { type: string }[] }
    expect(data.map(({ type }) => type).sort()).toEqual(['quote.created', 'quote.used'])
  })

  test('are used once: two at a time give one payout and one refusal, and a repeat under its key the same answer', async () => {
    const has = balance(ann.id)
    const { id } = (await make()).body
    const keys = ['use-quote-1', 'use-quote-2']
    const answers = await Promise.all(keys.map((idempotencyKey) => use(id, {}, { idempotencyKey })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const place = answers.findIndex(({ status }) => status === 201)
    const [paid, refused] = [answers[place]!, answers[1 - place]!]
    expect(refused.body).toMatchObject({ code: 'quote_used', meta: { payout: paid.body.id } })
    expect((await use(id, {}, { idempotencyKey: keys[place]! })).body).toEqual(paid.body)
    expect((await read(`/v1/payouts/${paid.body.id}?wait=20`)).body).toMatchObject({ status: 'settled' })
    expect(has - balance(ann.id)).toBe(2_500_000n)
  })

  test('are seen and used by their party alone, and by a key that may pay out', async () => {
    const { id } = (await make()).body
    expect([
      (await read(`/v1/quotes/${id}`, ben.secret)).status,
      (await use(id, { party: ben.id }, { secret: ben.secret })).status,
    ]).toEqual([404, 404])
    expect((await use(id, {}, { secret: ben.secret })).status).toBe(403)
    expect((await make({}, { secret: ben.secret })).status).toBe(403)
    const { secret } = await w.key(ann.secret, { name: 'reads', can: { payouts: 'read' } })
    expect([(await read(`/v1/quotes/${id}`, secret)).status, (await make({}, { secret })).body.code]).toEqual([200, 'key_not_allowed'])
    expect((await use(id, {}, { secret })).body.code).toBe('key_not_allowed')
    const { data } = (await read(`/v1/quotes?status=open&amount_min=2&asset=${encodeURIComponent(worth('1').asset)}`)).body as {
      data: Body[]
    }
    expect(data.map((quote) => quote.id)).toContain(id)
    expect(((await read('/v1/quotes', ben.secret)).body as { data: Body[] }).data).toEqual([])
    expect((await read(`/v1/search?reference=${id}`)).body.data).toMatchObject([{ type: 'quote', url: `/v1/quotes/${id}` }])
  })

  test('are refused with what is wrong: both sides, none, a bearer of the other side, an amount besides, too many', async () => {
    for (const payload of [
      { receive: worth('1') },
      { send: undefined },
      { fee_bearer: 'payer' },
      { from_asset: 'USDC' },
      { expires_in_s: 901 },
    ])
      expect([payload, (await make(payload)).body.code]).toEqual([payload, 'invalid_request'])
    const { id } = (await make()).body
    expect((await use(id, { amount: worth('2.5') })).body.code).toBe('invalid_request')
    expect((await w.ask('POST', '/v1/payouts', ann.secret, { payload: { party: ann.id, destinations: toBen() } })).body.code).toBe(
      'invalid_request',
    )
    expect((await use(`qt_${'0'.repeat(32)}`)).status).toBe(404)
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => make()))
    expect(made.map(({ body }) => body.code).filter((code) => code === 'too_many_open' || code === 'too_busy').length).toBeGreaterThan(0)
    expect((await make()).body.code).toBe('too_many_open')
  })

  test('stand after a kill: one that was told can be used', async () => {
    const { data } = (await read('/v1/quotes?status=open')).body as { data: Body[] }
    const { id } = data[0]!
    await w.killed()
    const paid = await use(id)
    expect(paid.status).toBe(201)
    expect((await read(`/v1/payouts/${paid.body.id}?wait=20`)).body).toMatchObject({ status: 'settled', quote: id })
  })
})
