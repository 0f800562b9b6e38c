import { setTimeout as later } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

type Tenant = Readonly<{ id: string; secret: string }>
type Period = Readonly<{ index: number; paid: boolean; page: string; payment_intent: string }>

let w: PeopleWorld
let seller: Tenant
let payer: Tenant
let other: Tenant

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[seller, payer, other] = [await w.party('Heron'), await w.party('Mia'), await w.party('Nobody')]
  await w.fund(payer.id, 100_000_000n)
}, 60_000)
afterAll(() => w?.close())

const usd = (amount: string) => ({ asset: 'USD', amount })
const post = (url: string, secret: string, payload: object = {}) => w.ask('POST', url, secret, { payload })
const get = async (url: string, secret: string) => (await w.ask('GET', url, secret)).body
const idsAt = async (url: string, secret: string) => ((await get(url, secret)).data as { id: string }[]).map(({ id }) => id)
const makePlan = (payload: object = {}, secret = seller.secret) =>
  post('/v1/plans', secret, { amount: usd('5'), interval: 'month', payee: seller.id, ...payload })

async function subscribed(payload: object = {}): Promise<string> {
  const plan = (await makePlan({ description: 'Essays' })).body.id
  const made = await post('/v1/subscriptions', seller.secret, { plan, subscriber: payer.id, ...payload })
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ plan, current_period: null })])
  return String(made.body.id)
}

/** Once it is so; steps are taken beside requests. */
async function until(id: string, fits: (s: Body) => boolean): Promise<Body> {
  for (;;) {
    const s = await get(`/v1/subscriptions/${id}`, seller.secret)
    if (fits(s)) return s
    await later(20)
  }
}
const periodOf = (s: Body) => s.current_period as Period | null

describe('subscriptions of the API', () => {
  test('are made by who is paid, consented to by who pays, paid from his balance, and told as events to both', async () => {
    const id = await subscribed({ metadata: { shelf: '3' } })
    expect((await get(`/v1/subscriptions/${id}`, payer.secret)).status).toBe('needs_consent')
    const consented = await post(`/v1/subscriptions/${id}/consent`, payer.secret, { amount_max: usd('6') })
    expect([consented.status, consented.body.amount_max]).toEqual([200, usd('6')])
    const s = await until(id, (one) => periodOf(one)?.paid === true)
    const { payment_intent: intent, page } = periodOf(s)!
    expect([s.status, periodOf(s)!.index, page]).toEqual(['active', 0, `/pay/${intent}`])
    expect(await get(`/v1/payment_intents/${intent}`, seller.secret)).toMatchObject({
      status: 'settled',
      origin: id,
      amount: usd('5'),
      description: 'Essays',
      metadata: { shelf: '3' },
    })
    const told = ['subscription.created', 'subscription.consented', 'subscription.begun', 'subscription.renewed']
    for (const { secret } of [seller, payer]) {
      const { data } = (await get(`/v1/events?subject=${id}`, secret)) as { data: { type: string; data: Body }[] }
      expect(data.map(({ type }) => type)).toEqual(told)
      expect(data[2]!.data).toMatchObject({ payment_intent: intent, page: `/pay/${intent}` })
    }
    expect(await idsAt(`/v1/subscriptions?reference=${intent}`, payer.secret)).toEqual([id])
    expect(await idsAt(`/v1/subscriptions?reference=${s.plan}`, seller.secret)).toEqual([id])
    expect(await idsAt(`/v1/payment_intents?reference=${id}`, seller.secret)).toEqual([intent])
  })

  test('say what their seller has noted of them to the seller alone', async () => {
    const metadata = { shelf: '4', margin: 'high' }
    const id = await subscribed({ metadata })
    const path = `/v1/subscriptions/${id}`
    const noted = '/v1/subscriptions?wait=5&metadata_key=shelf&metadata_value=4'
    const created = async (secret: string) => {
      const { data } = (await get(`/v1/events?subject=${id}&type=subscription.created`, secret)) as { data: { data: Body }[] }
      return data.map((one) => one.data.metadata)
    }
    for (const secret of [seller.secret, OPERATOR_KEY]) {
      expect([(await get(path, secret)).metadata, await idsAt(noted, secret)]).toEqual([metadata, [id]])
    }
    expect([(await get(path, payer.secret)).metadata, await idsAt(noted, payer.secret)]).toEqual([{}, []])
    const listed = (await get('/v1/subscriptions?wait=5', payer.secret)).data as Body[]
    expect(listed.find((one) => one.id === id)?.metadata).toEqual({})
    const consented = await post(`${path}/consent`, payer.secret, { amount_max: usd('6') })
    expect([consented.status, consented.body.metadata]).toEqual([200, {}])
    for (const [word, status] of [
      ['pause', 'paused'],
      ['cancel', 'canceled'],
    ] as const)
      expect((await post(`${path}/${word}`, payer.secret)).body).toMatchObject({ status, metadata: {} })
    // One event is for both, so it says what both may know.
    for (const { secret } of [seller, payer]) expect(await created(secret)).toEqual([{}])
    const ofPages = await subscribed({ metadata, subscriber: undefined })
    const { data } = (await get(`/v1/events?subject=${ofPages}&type=subscription.created`, seller.secret)) as { data: { data: Body }[] }
    expect(data.map((one) => one.data.metadata)).toEqual([metadata])
  })

  test('without a balance have a page that whoever has it pays', async () => {
    const id = await subscribed({ subscriber: undefined })
    const { page } = periodOf(await until(id, (one) => periodOf(one) !== null))!
    const shown = await w.app().inject({ url: page, headers: { accept: 'text/html' } })
    expect([shown.statusCode, shown.body.includes('Essays'), shown.body.includes('Heron')]).toEqual([200, true, true])
    const pay = () => post(`/v1/payment_intents/${page.slice(5)}/pay`, other.secret, { rail: 'book' })
    expect((await pay()).body.code).toBe('insufficient_balance')
    await w.fund(other.id, 10_000_000n)
    expect((await pay()).status).toBe(200)
    expect((await until(id, (one) => periodOf(one)?.paid === true)).status).toBe('active')
    // Who has paid a page is not its subscriber.
    expect((await w.ask('GET', `/v1/subscriptions/${id}`, other.secret)).status).toBe(404)
  })

  test('are put to rest and ended by either, and what the payer stops goes on by himself alone', async () => {
    const id = await subscribed()
    await post(`/v1/subscriptions/${id}/consent`, payer.secret, { amount_max: usd('6') })
    await until(id, (one) => periodOf(one)?.paid === true)
    const order = async (word: string, secret: string, payload: object = {}) => {
      const { status, body } = await post(`/v1/subscriptions/${id}/${word}`, secret, payload)
      return [status, body.code ?? body.status, body.cancel_at_period_end]
    }
    expect(await order('pause', payer.secret)).toEqual([200, 'paused', false])
    expect(await order('resume', seller.secret)).toEqual([403, 'forbidden', undefined])
    expect(await order('resume', payer.secret)).toEqual([200, 'active', false])
    expect(await order('cancel', seller.secret, { at: 'period_end' })).toEqual([200, 'active', true])
    expect(await order('resume', seller.secret)).toEqual([200, 'active', false])
    expect(await order('cancel', payer.secret)).toEqual([200, 'canceled', false])
    expect(await order('resume', payer.secret)).toEqual([409, 'subscription_canceled', undefined])
  })

  test('rests when a period was not paid, and goes on with the next one when it is resumed', async () => {
    const plan = String((await makePlan()).body.id)
    const made = await post('/v1/subscriptions', seller.secret, { plan })
    const id = String(made.body.id)
    const { payment_intent: intent } = periodOf(await until(id, (one) => periodOf(one) !== null))!
    await post(`/v1/payment_intents/${intent}/cancel`, seller.secret)
    await until(id, (one) => one.status === 'paused')
    const resumed = await post(`/v1/subscriptions/${id}/resume`, seller.secret)
    // The period that was not paid is over, and the next has not begun.
    expect([resumed.status, resumed.body.status, resumed.body.current_period]).toEqual([200, 'active', null])
    const next = periodOf(await until(id, (one) => periodOf(one)?.index === 1))!
    expect([next.paid, next.payment_intent === intent]).toEqual([false, false])
  })

  test('are of who pays and who is paid; to others there are none', async () => {
    const id = await subscribed()
    const plan = String((await get(`/v1/subscriptions/${id}`, seller.secret)).plan)
    for (const [url, payload] of [
      [`/v1/subscriptions/${id}/consent`, { amount_max: usd('9') }],
      [`/v1/subscriptions/${id}/cancel`, {}],
      [`/v1/subscriptions/${id}/pause`, {}],
      [`/v1/subscriptions/${id}/resume`, {}],
      [`/v1/plans/${plan}/price`, { amount: usd('9') }],
      [`/v1/plans/${plan}/deactivate`, {}],
      ['/v1/subscriptions', { plan }],
    ] as const)
      expect([url, (await post(url, other.secret, payload)).body.code]).toEqual([url, 'not_found'])
    for (const url of [`/v1/subscriptions/${id}`, `/v1/plans/${plan}`])
      expect((await w.ask('GET', url, other.secret)).body.code).toBe('not_found')
    expect([await idsAt('/v1/subscriptions', other.secret), await idsAt('/v1/plans', other.secret)]).toEqual([[], []])
    // Who pays by it neither sees the plan as his own nor changes what it costs.
    expect((await post(`/v1/plans/${plan}/price`, payer.secret, { amount: usd('0.01') })).body.code).toBe('not_found')
    expect((await makePlan({}, other.secret)).body.code).toBe('forbidden')
  })

  test('take nothing by the word of anybody but their payer, with the right to spend', async () => {
    const id = await subscribed()
    const consent = async (secret: string, amount = '5') =>
      (await post(`/v1/subscriptions/${id}/consent`, secret, { amount_max: usd(amount) })).body.code
    const { secret } = await w.key(payer.secret, { can: { subscriptions: 'write' } })
    expect([await consent(seller.secret), await consent(OPERATOR_KEY), await consent(secret)]).toEqual([
      'forbidden',
      'forbidden',
      'key_not_allowed',
    ])
    expect(await consent(payer.secret, '4.99')).toBe('invalid_amount')
    expect((await get(`/v1/subscriptions/${id}`, payer.secret)).status).toBe('needs_consent')
    const spends = await w.key(payer.secret, { can: { subscriptions: 'write', spending: 'write' } })
    expect(await consent(spends.secret)).toBeUndefined()
  })

  test('are made of an active plan, and the same key again is the same one', async () => {
    const plan = String((await makePlan()).body.id)
    const idempotencyKey = crypto.randomUUID()
    const twice = [1, 2].map(() => w.ask('POST', '/v1/subscriptions', seller.secret, { payload: { plan }, idempotencyKey }))
    const [first, second] = await Promise.all(twice)
    const again = await w.ask('POST', '/v1/subscriptions', seller.secret, { payload: { plan }, idempotencyKey })
    expect([first!.status, second!.status].sort()[0]).toBe(201)
    expect(await idsAt(`/v1/subscriptions?reference=${plan}`, seller.secret)).toEqual([again.body.id])
    const priced = await post(`/v1/plans/${plan}/price`, seller.secret, { amount: usd('7.5') })
    expect([priced.status, priced.body.amount, priced.body.status]).toEqual([200, usd('7.5'), 'active'])
    for (let i = 0; i < 2; i++) expect((await post(`/v1/plans/${plan}/deactivate`, seller.secret)).body.status).toBe('inactive')
    expect((await post('/v1/subscriptions', seller.secret, { plan })).body.code).toBe('plan_inactive')
    expect(await idsAt('/v1/plans?status=inactive', seller.secret)).toEqual([plan])
  })

  test.each<[string, object, string]>([
    ['an amount of zero', { amount: usd('0') }, 'invalid_amount'],
    ['a float', { amount: { asset: 'USD', amount: 5 } }, 'invalid_request'],
    ['more places than a dollar has here', { amount: usd('0.0000001') }, 'invalid_amount'],
    ['another asset', { amount: { asset: 'EUR', amount: '5' } }, 'invalid_request'],
    ['an interval that is none', { interval: 'fortnight' }, 'invalid_request'],
    ['no interval at all', { interval_count: 0 }, 'invalid_request'],
    ['a period of a thousand years', { interval: 'year', interval_count: 1_000 }, 'invalid_request'],
    ['a trial of ten years', { trial_days: 3_650 }, 'invalid_request'],
    ['a party and a split', { split: `sp_${'0'.repeat(32)}` }, 'invalid_request'],
    ['a field that is none', { until: 'always' }, 'invalid_request'],
  ])('a plan of %s is refused', async (_name, payload, code) => {
    expect((await makePlan(payload)).body.code).toBe(code)
  })

  test('nobody subscribes to pay himself, nor as a party that is none, nor by a plan that is none', async () => {
    const plan = String((await makePlan()).body.id)
    const code = async (payload: object) => (await post('/v1/subscriptions', seller.secret, payload)).body.code
    expect(await code({ plan, subscriber: seller.id })).toBe('invalid_request')
    expect(await code({ plan, subscriber: `pa_${'0'.repeat(32)}` })).toBe('not_found')
    expect(await code({ plan: `plan_${'0'.repeat(32)}` })).toBe('not_found')
    expect(await code({ plan: 'gold' })).toBe('invalid_request')
  })

  test('stand after a kill as they stood, and take nothing twice', async () => {
    const id = await subscribed()
    await post(`/v1/subscriptions/${id}/consent`, payer.secret, { amount_max: usd('6') })
    const paid = await until(id, (one) => periodOf(one)?.paid === true)
    await w.killed()
    expect(await get(`/v1/subscriptions/${id}`, seller.secret)).toEqual(paid)
    expect(await idsAt(`/v1/payment_intents?reference=${id}`, seller.secret)).toEqual([periodOf(paid)!.payment_intent])
  })
})
