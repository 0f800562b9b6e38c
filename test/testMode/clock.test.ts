import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { bankDayFrom } from '../../gateway/payouts/calendar/bankDays.ts'
import { signForHub } from '../e2e/hubPayment.ts'
import { balanceOf, control, type Json, partyWith, startYard, units, until, verified, type Yard } from '../e2e/yard.ts'

type Offer = { rail: string; amount: { amount: string }; pay: { invoice?: string; remittance?: string; split_id: string; ref: string } }
type Intent = {
  id: string
  status: string
  exception: string
  expires_at: string
  offers: Offer[]
  paid: { at: string } | null
  surplus: { reason: string }[]
}
type Clock = { now: string; ahead_s: number }
type Payout = { id: string; status: string; rail?: string }

const DAY_S = 86_400
const DAY_MS = DAY_S * 1_000

let yard: Yard
let party: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard({ chains: 1 })
  party = await partyWith(yard, { name: 'seller' })
  // What pays out over the other rails needs bitcoin and tokens to convert into.
  const { offers } = await newIntent({ amount: { asset: 'USD', amount: '20' } })
  await payInvoice(offers.find(({ rail }) => rail === 'lightning')!.pay.invoice!)
  await until('the funds', async () => (await balanceOf(yard, party.id, 'USDC')) === '20')
}, 90_000)
afterAll(() => yard?.close(), 30_000)

/** A banking day, at noon, about a month on: on another one a bank books what it is given on the next. */
function bankingNoon(from: number): string {
  return `${bankDayFrom('target', new Date(from + 30 * DAY_MS).toISOString().slice(0, 10))}T12:00:00Z`
}

const clock = async () => (await yard.call<Clock>('GET', '/v1/test/clock')).body
const nowMs = async () => Date.parse((await clock()).now)
const advance = (body: Json, o: { key?: string; headers?: Record<string, string> } = {}) =>
  yard.call<Clock & Json>('POST', '/v1/test/clock/advance', { body, ...o })
const newIntent = async (more: Json = {}) =>
  (await yard.call<Intent>('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount: '1' }, payee: party.id, ...more } }))
    .body
const intentNow = async (id: string) => (await yard.call<Intent>('GET', `/v1/payment_intents/${id}`)).body
const intentWhen = (id: string, is: (intent: Intent) => boolean) =>
  until(`${id} changes`, async () => {
    const now = await intentNow(id)
    return is(now) && now
  })
const offerOf = (intent: Intent, rail: string) => intent.offers.find((offer) => offer.rail === rail)!
const payInvoice = (invoice: string) => control(yard.world.lightning.controlUrl, '/pay', { invoice })
const payoutOf = async (body: Json) => (await yard.call<Payout>('POST', '/v1/payouts', { body: { party: party.id, ...body } })).body
const ended = (id: string) =>
  until(`payout ${id}`, async () => {
    const { body } = await yard.call<Payout>('GET', `/v1/payouts/${id}`)
    return (body.status === 'settled' || body.status === 'failed') && body
  })

/** A receiver that fails once. */
async function receiver() {
  const came: { at: string; status: number }[] = []
  const server = createServer((request, response) => {
    const status = came.length === 0 ? 500 : 204
    came.push({ at: String(request.headers['webhook-timestamp']), status })
    request.resume()
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { came, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } // A TCP server's.
}

describe('the test clock', () => {
  test('is the operator’s, goes forward only, and moves once for one Idempotency-Key', async () => {
    const before = await clock()
    expect(before.ahead_s).toBe(0)
    for (const key of [party.key, null]) expect((await yard.call('GET', '/v1/test/clock', { key })).status).toBe(key === null ? 401 : 403)
    expect((await advance({ by_s: 5 }, { key: party.key })).status).toBe(403)
    const wrong = [
      {},
      { by_s: 0 },
      { by_s: 1.5 },
      { by_s: 5, to: '2099-01-01T00:00:00Z' },
      { by_s: 400 * DAY_S },
      { to: '2020-01-01T00:00:00Z' },
    ]
    for (const body of wrong) expect(await advance(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect((await clock()).ahead_s).toBe(0)

    const headers = { 'idempotency-key': 'one-step-forward' }
    const [first, again] = [await advance({ by_s: 60 }, { headers }), await advance({ by_s: 60 }, { headers })]
    expect(first).toMatchObject({ status: 200, body: { object: 'test_clock', ahead_s: 60 } })
    expect(again.body).toEqual(first.body)
    expect((await clock()).ahead_s).toBe(60)
  })

  test('expires an intent, and a bank transfer that comes then is late', async () => {
    const intent = await newIntent()
    const due = Date.parse(intent.expires_at)
    const early = await advance({ to: new Date(due - 60_000).toISOString() })
    expect(early.status).toBe(200)
    expect((await intentNow(intent.id)).status).toBe('open')
    await advance({ by_s: 61 })
    await intentWhen(intent.id, ({ status }) => status === 'expired')
    const { remittance } = offerOf(intent, 'bank').pay
    const customer = yard.world.bank.customers[0]!.id
    await control(yard.world.bank.controlUrl, '/transfers', { customer, amount: offerOf(intent, 'bank').amount.amount, remittance })
    const late = await intentWhen(intent.id, ({ surplus }) => surplus.length > 0)
    expect(late).toMatchObject({ status: 'expired', surplus: [{ reason: 'paid_late' }] })
  })

  test('ends a net’s window that would have slept for a day', async () => {
    const netting = { max_age_s: DAY_S, max_count: 100 }
    const destinations = [{ kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId }]
    const { id, status } = await payoutOf({ amount: { asset: 'USDC', amount: '0.5' }, destinations, netting })
    expect(status).toBe('collecting')
    await advance({ by_s: DAY_S + 1 })
    expect(await ended(id)).toMatchObject({ status: 'settled', rail: 'lightning' })
  })

  test('runs a standing order of a month when its day has come', async () => {
    const destination = { kind: 'lightning_address', address: yard.world.lightning.customer.address }
    const body = { asset: 'USDC', destination, every: 'month', day: 15, keep: '17', party: party.id }
    expect((await yard.call('POST', '/v1/standing_orders', { body })).status).toBe(201)
    expect(await balanceOf(yard, party.id, 'USDC')).toBe('19.5')
    await advance({ by_s: 32 * DAY_S })
    await until('the payout', async () => (await balanceOf(yard, party.id, 'USDC')) === '17')
  })

  test('brings the next try of a webhook at once, signed by the receiver’s own time', async () => {
    const { came, url } = await receiver()
    const made = await yard.call<{ id: string }>('POST', '/v1/webhook_endpoints', { body: { url, types: ['payment_intent.*'] } })
    expect(made.status).toBe(201)
    await newIntent()
    await until('the first try', async () => came.length === 1)
    for (let moves = 0; came.length < 2 && moves < 5; moves++) {
      await advance({ by_s: DAY_S / 4 })
      await until('the next try', async () => came.length >= 2, 2_000).catch(() => undefined)
    }
    expect(came.map(({ status }) => status)).toEqual([500, 204])
    const ahead = (await clock()).ahead_s
    for (const { at } of came) expect(Date.now() / 1_000 - Number(at)).toBeLessThan(ahead / 2)
    await yard.call('DELETE', `/v1/webhook_endpoints/${made.body.id}`)
  })

  test('takes chains, the Lightning network and the bank along: every rail pays and is paid at the later time', async () => {
    const { ahead_s: ahead, now } = (await advance({ to: bankingNoon(await nowMs()) })).body
    expect(ahead).toBeGreaterThan(31 * DAY_S)
    const { date } = await control<{ date: string }>(yard.world.bank.controlUrl, '/accounts')
    expect(date).toBe(now.slice(0, 10))

    const [lightning, chain, bank] = [await newIntent(), await newIntent(), await newIntent()]
    const { invoice } = offerOf(lightning, 'lightning').pay
    await payInvoice(invoice!)
    const offer = offerOf(chain, `evm:${yard.chain.chainId}`)
    const { split_id: splitId, ref } = offer.pay
    const signed = (at: number) => signForHub(yard.chain, { customer: 1, value: units(offer.amount.amount), splitId, ref, now: at })
    const pay = async (at: number) =>
      yard.call('POST', `/v1/payment_intents/${chain.id}/pay`, { body: { rail: offer.rail, authorization: await signed(at) } })
    // A wallet that goes by the machine's clock signs for a time that is over.
    expect((await pay(Date.now())).status).toBeGreaterThanOrEqual(400)
    expect((await pay(await nowMs())).status).toBe(202)
    const customer = yard.world.bank.customers[1]!.id
    const { amount, pay: toBank } = offerOf(bank, 'bank')
    await control(yard.world.bank.controlUrl, '/transfers', { customer, amount: amount.amount, remittance: toBank.remittance })
    for (const { id } of [lightning, chain, bank]) {
      const { paid } = await intentWhen(id, ({ status }) => status === 'settled')
      expect(Math.abs(Date.parse(paid!.at) - Date.parse(now))).toBeLessThan(DAY_MS)
    }

    const out = [
      { amount: '0.1', destination: { kind: 'lightning_address', address: yard.world.lightning.customer.address } },
      { amount: '0.54', destination: { kind: 'iban', iban: yard.world.bank.customers[0]!.iban, name: 'Customer 1' } },
      { amount: '0.2', destination: { kind: 'evm_address', address: `0x${'0b'.repeat(20)}` } },
    ]
    for (const { amount: sum, destination } of out) {
      const { id } = await payoutOf({ amount: { asset: 'USDC', amount: sum }, destinations: [destination] })
      expect([destination.kind, (await ended(id)).status]).toEqual([destination.kind, 'settled'])
    }
  })

  test('stands where it stood after a kill, and goes on from there', async () => {
    const before = await clock()
    const intent = await newIntent({ expires_in_s: 7 * DAY_S })
    await yard.kill()
    await yard.start()
    const after = await clock()
    expect(after.ahead_s).toBe(before.ahead_s)
    expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.now))
    expect(await intentNow(intent.id)).toMatchObject({ status: 'open' })
    await advance({ by_s: 7 * DAY_S })
    await intentWhen(intent.id, ({ status }) => status === 'expired')
  })

  test('leaves every rail equal to the books', async () => {
    const verification = await verified(yard)
    expect([...verification.rails, ...verification.splits].filter(({ verdict }) => verdict !== 'equal')).toEqual([])
    expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
  })
})
