import { expect } from 'vitest'
import { balanceOf, units, until, type Yard } from '../e2e/yard.ts'
import { post, read, settles, type Traffic } from './traffic.ts'

type Party = Readonly<{ id: string; key: string }>
type Row = { id: string; status: string }

/** What a sale costs, a subscription's period too. */
const AMOUNT = { asset: 'USD', amount: '0.01' } as const
const UNITS = 10_000n

/** What `earn` brings. */
const EARNED_UNITS = 20_000_000n
/** A refund or a period may wait through some kills. */
const END_MS = 180_000

/** What becomes of a sale once it is paid: how much of it stays with its seller. */
type After = 'refund' | 'dispute won' | 'dispute lost' | 'invoice' | 'subscription'
const KINDS: readonly After[] = ['refund', 'dispute won', 'dispute lost', 'invoice', 'subscription']

const seller = { name: 'Heron', address: { country: 'DE' }, vat_id: 'DE123456789' }
const buyer = { name: 'Mia', address: { country: 'FR' } }
const lines = [{ description: 'An essay', quantity: '1', unit_price: AMOUNT, tax: { category: 'Z', rate: '0' } }]

/**
 * Sales out of the payer's balance, of which each has something behind it: it is given back, contested (won and lost), written on an invoice, or the period
 * of a subscription. Seller and payer do nothing else, but for what `earn` gives the payer when its balance is short.
 */
export async function afterSales(yard: Yard, o: { seller: Party; payer: Party; earn: () => Promise<void> }): Promise<Traffic> {
  const done = new Map<After, string[]>(KINDS.map((kind) => [kind, []]))
  const earnedAtFirst = units(await balanceOf(yard, o.payer.id, 'USDC'))
  let count = 0
  let earned = 0n
  const plan = await post<Row>(yard, '/v1/plans', {
    body: { amount: AMOUNT, interval: 'month', payee: o.seller.id, description: 'Essays' },
  })

  async function sale(): Promise<string> {
    const { id } = await post<Row>(yard, '/v1/payment_intents', { body: { amount: AMOUNT, payee: o.seller.id } })
    await post(yard, `/v1/payment_intents/${id}/pay`, { body: { rail: 'book' }, key: o.payer.key })
    await settles(yard, id)
    return id
  }
  const reaches = (path: string, status: string) =>
    until(`${path} ${status}`, async () => (await read<Row>(yard, path)).status === status, END_MS)

  async function givenBack(): Promise<string> {
    const { id } = await post<Row>(yard, '/v1/refunds', { body: { payment_intent: await sale() }, key: o.seller.key })
    await reaches(`/v1/refunds/${id}`, 'succeeded')
    return id
  }
  async function contested(outcome: 'won' | 'lost'): Promise<string> {
    const { id } = await post<Row>(yard, '/v1/disputes', { body: { payment_intent: await sale(), reason: 'not_received' } })
    await post(yard, `/v1/disputes/${id}/evidence`, { body: { text: 'It was sent.' }, key: o.seller.key })
    await post(yard, `/v1/disputes/${id}/decide`, { body: { outcome } })
    await reaches(`/v1/disputes/${id}`, outcome)
    return id
  }
  async function invoiced(): Promise<string> {
    const payment_intent = await sale()
    return (await post<Row>(yard, '/v1/invoices', { body: { payment_intent, seller, buyer, lines }, key: o.seller.key })).id
  }
  async function subscribed(): Promise<string> {
    const { id } = await post<Row>(yard, '/v1/subscriptions', { body: { plan: plan.id, subscriber: o.payer.id } })
    await post(yard, `/v1/subscriptions/${id}/consent`, { body: { amount_max: AMOUNT }, key: o.payer.key })
    const periods = () => read<{ data: Row[] }>(yard, `/v1/payment_intents?reference=${id}`)
    await until(`a paid period of ${id}`, async () => (await periods()).data[0]?.status === 'settled', END_MS)
    expect((await periods()).data).toHaveLength(1)
    await post(yard, `/v1/subscriptions/${id}/cancel`, { body: {} })
    return id
  }
  const how: Record<After, () => Promise<string>> = {
    refund: givenBack,
    'dispute won': () => contested('won'),
    'dispute lost': () => contested('lost'),
    invoice: invoiced,
    subscription: subscribed,
  }
  const times = (kind: After) => done.get(kind)!.length
  const kept = () => UNITS * BigInt(times('dispute won') + times('invoice') + times('subscription'))
  return {
    kind: 'sale and what came after',
    errand: async () => {
      if (earnedAtFirst + earned - kept() < 2n * UNITS) {
        await o.earn()
        earned += EARNED_UNITS
      }
      const kind = KINDS[count++ % KINDS.length]!
      done.get(kind)!.push(await how[kind]())
    },
    acknowledged: () => count,
    check: async () => {
      await until('the last refund is booked', async () => units(await balanceOf(yard, o.seller.id, 'USDC')) <= kept())
      expect(units(await balanceOf(yard, o.seller.id, 'USDC'))).toBe(kept())
      expect(units(await balanceOf(yard, o.payer.id, 'USDC'))).toBe(earnedAtFirst + earned - kept())
      await numbersWithoutGaps(yard, { payee: o.seller, issued: done.get('invoice')! })
    },
  }
}

/** Each invoice of a payee once, its numbers one after the other. */
async function numbersWithoutGaps(yard: Yard, o: { payee: Party; issued: readonly string[] }): Promise<void> {
  const found: { id: string; number: string }[] = []
  type Page = { data: typeof found; next?: string }
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Page = await read(yard, `/v1/invoices?party=${o.payee.id}&limit=100${after}`)
    found.push(...page.data)
    after = page.next === undefined ? undefined : `&after=${page.next}`
  }
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(o.issued))
  const numbers = found.map(({ number }) => number).sort()
  expect(numbers).toEqual(o.issued.map((_, place) => `INV-${String(place + 1).padStart(6, '0')}`))
}
