import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokensOf } from './tokensOf.ts'
import { balanceOf, control, type Json, partyWith, startYard, units, until, verified, type Yard } from './yard.ts'

type Exchange = {
  id: string
  status: string
  returned?: string
  refund?: string
  exceptions: string[]
  pay: { kind: string; invoice?: string; payment_hash?: string; intent?: string; amount: { amount: string } }
  payout: { id: string; state: string }
}
const ENDS = ['completed', 'returned', 'credited', 'expired']
const PAYEE = '0x00000000000000000000000000000000000e0e01'

let yard: Yard
let owner: { id: string; key: string }
let payer: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard()
  owner = await partyWith(yard, { name: 'owner' })
  payer = await partyWith(yard, { name: 'payer', eur: '20.00' })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

const order = (body: Json) => ({
  party: owner.id,
  from: { rail: 'lightning' },
  destinations: [{ kind: 'evm_address', address: PAYEE }],
  ...body,
})
const create = async (body: Json): Promise<Exchange> => {
  const made = await yard.call<Exchange>('POST', '/v1/exchanges', { body: order(body), key: owner.key })
  expect(made).toMatchObject({ status: 201 })
  return made.body
}
const now = async (id: string) => (await yard.call<Exchange>('GET', `/v1/exchanges/${id}`, { key: owner.key })).body
const ended = (id: string) =>
  until('the end of the exchange', async () => {
    const x = await now(id)
    return ENDS.includes(x.status) && x
  })
/** The customer pays; what becomes of it is known when the exchange has its end. */
const pay = (x: Exchange) =>
  control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice: x.pay.invoice }).then(
    () => 'paid',
    (error: unknown) => (/the payment failed/.test(String(error)) ? 'returned' : String(error)),
  )
const customerInvoice = (amountMsat: string) =>
  control<{ invoice: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat, description: 'goods' })

describe('a Lightning payment for a stablecoin', () => {
  test('is taken when the coins are there', async () => {
    const x = await create({ amount: { asset: 'USDC', amount: '3.25' }, reference: 'order 1' })
    const payment = pay(x)
    expect(await ended(x.id)).toMatchObject({ status: 'completed', exceptions: [] })
    expect(await payment).toBe('paid')
    expect(await tokensOf(yard, PAYEE)).toBe(3_250_000n)
    const payout = await yard.call<Json>('GET', `/v1/payouts/${x.payout.id}`, { key: owner.key })
    expect(payout.body).toMatchObject({ status: 'settled', source: `exchange:${x.id}`, reference: 'order 1' })
    expect((await yard.call('GET', `/v1/payouts/${x.payout.id}`, { key: payer.key })).status).toBe(404)
  })

  test.each([
    ['at the bank', () => ({ kind: 'iban', iban: yard.world.bank.customers[1]!.iban, name: 'Payee' })],
    ['on a balance here', () => ({ kind: 'party', party: payer.id })],
  ] as const)('is taken when the money is %s', async (_, destination) => {
    const x = await create({ amount: { asset: 'USDC', amount: '2.2' }, destinations: [destination()] })
    const payment = pay(x)
    expect(await ended(x.id)).toMatchObject({ status: 'completed', exceptions: [] })
    expect(await payment).toBe('paid')
  })

  test('is not asked for when the liquidity to convert is not there', async () => {
    const verification = await yard.call<{ rails: { account: string; ledger: string }[] }>('GET', '/v1/verify')
    const wallet = verification.body.rails.find((r) => r.account === `rail:evm:${yard.chain.chainId}:wallet`)!
    const body = order({ amount: { asset: 'USDC', amount: wallet.ledger } })
    const refused = await yard.call<{ code: string }>('POST', '/v1/exchanges', { body, key: owner.key })
    expect(refused).toMatchObject({ status: 503, body: { code: 'insufficient_liquidity' } })
  })

  test('is taken once, whenever the gateway is killed while it is held', async () => {
    const before = await tokensOf(yard, PAYEE)
    for (const afterMs of [0, 200]) {
      const x = await create({ amount: { asset: 'USDC', amount: '0.5' } })
      const payment = pay(x)
      await until('the payment', async () => (await now(x.id)).status !== 'awaiting_payment')
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await yard.kill()
      await yard.start()
      expect(await ended(x.id)).toMatchObject({ status: 'completed', exceptions: [] })
      expect(await payment).toBe('paid')
    }
    expect((await tokensOf(yard, PAYEE)) - before).toBe(1_000_000n)
  }, 120_000)
})

describe('a balance for a Lightning payment', () => {
  const byBook = async (invoice: string, amount: string) => {
    const x = await create({
      from: { rails: ['book'], refund_to: [{ kind: 'party', party: payer.id }] },
      destinations: [{ kind: 'lightning_invoice', invoice }],
      amount: { asset: 'USDC', amount },
    })
    expect(x.pay.kind).toBe('payment_intent')
    const paid = await yard.call('POST', `/v1/payment_intents/${x.pay.intent}/pay`, { body: { rail: 'book' }, key: payer.key })
    expect(paid.status).toBe(200)
    return ended(x.id)
  }
  let invoice: string
  let price: string
  beforeAll(async () => {
    ;({ invoice } = await customerInvoice('1000000'))
    // What a thousand satoshi are worth, to the unit.
    const rates = yard.config.prices
    price = ((1_000n * BigInt(rates.BTC.split('.')[0]!)) / 100n)
      .toString()
      .padStart(7, '0')
      .replace(/(\d{6})$/, '.$1')
  }, 60_000)

  test('is paid out over Lightning', async () => {
    expect(await byBook(invoice, price)).toMatchObject({ status: 'completed', exceptions: [] })
  })

  test('is paid back when the invoice cannot be paid', async () => {
    // The same invoice again: the node pays a hash once.
    const before = units(await balanceOf(yard, payer.id, 'USDC'))
    const x = await byBook(invoice, price)
    expect(x).toMatchObject({ status: 'returned', returned: 'refunded' })
    const refund = await yard.call<{ status: string; rail: string }>('GET', `/v1/payouts/${x.refund}`)
    expect(refund.body).toMatchObject({ status: 'settled', rail: 'book' })
    expect(units(await balanceOf(yard, payer.id, 'USDC'))).toBe(before)
  })
})

test('a payout to an invoice of this gateway is settled in the books, and the node hears nothing', async () => {
  const { body: intent } = await yard.call<{ id: string; offers: { rail: string; pay: { invoice: string } }[] }>(
    'POST',
    '/v1/payment_intents',
    { body: { amount: { asset: 'USD', amount: '0.5' }, payee: owner.id } },
  )
  const { invoice } = intent.offers.find((o) => o.rail === 'lightning')!.pay
  const body = { party: payer.id, amount: { asset: 'USDC', amount: '0.5' }, destinations: [{ kind: 'lightning_invoice', invoice }] }
  const made = await yard.call<{ id: string }>('POST', '/v1/payouts', { body, key: payer.key })
  const payout = await until('the payout', async () => {
    const { body } = await yard.call<{ status: string; fee: { amount: string }; evidence: { rail: string } }>(
      'GET',
      `/v1/payouts/${made.body.id}`,
    )
    return body.status !== 'processing' && body
  })
  expect(payout).toMatchObject({ status: 'settled', fee: { amount: '0' }, evidence: { rail: 'book' } })
  expect((await yard.call<Json>('GET', `/v1/payment_intents/${intent.id}`)).body).toMatchObject({ status: 'settled', exception: 'none' })
})

test('only the party and the operator see an exchange, and the same key makes one', async () => {
  const stranger = await partyWith(yard, { name: 'stranger' })
  const body = order({ amount: { asset: 'USDC', amount: '1' } })
  const headers = { 'idempotency-key': 'exchange-0001' }
  const made = await yard.call<Exchange>('POST', '/v1/exchanges', { body, key: owner.key, headers })
  const again = await yard.call<Exchange>('POST', '/v1/exchanges', { body, key: owner.key, headers })
  expect(again.body).toEqual(made.body)
  expect((await yard.call('GET', `/v1/exchanges/${made.body.id}`, { key: stranger.key })).status).toBe(404)
  expect((await yard.call('POST', '/v1/exchanges', { body, key: stranger.key })).status).toBe(403)
  const listedTo = async (key: string) =>
    (await yard.call<{ data: Exchange[] }>('GET', '/v1/exchanges', { key })).body.data.map((x) => x.id)
  expect((await listedTo(owner.key))[0]).toBe(made.body.id)
  expect(await listedTo(stranger.key)).toEqual([])
  const list = await yard.call<{ data: Exchange[] }>('GET', '/v1/exchanges?limit=1')
  expect(list.body.data.map((x) => x.id)).toEqual([made.body.id])
})

test('a payment goes back to its payer when the payout cannot be begun', async () => {
  const x = await create({ amount: { asset: 'USDC', amount: '0.5' } })
  const before = await tokensOf(yard, PAYEE)
  // The secret that the preimage follows from has been changed, and the old one forgotten: what cannot be taken is not paid for.
  Object.assign(yard.config, { challengeSecret: 'a new secret, and the one before it is not kept' })
  await yard.kill()
  await yard.start()
  const payment = pay(x)
  expect(await ended(x.id)).toMatchObject({ status: 'returned', returned: 'no_key' })
  expect(await payment).toBe('returned')
  expect(await tokensOf(yard, PAYEE)).toBe(before)
}, 60_000)

test('after all of it every rail equals the books', async () => {
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
})
