import { afterAll, beforeAll, expect, test } from 'vitest'
import { balanceOf, control, type Json, partyWith, startYard, units, until, verified, type Yard } from './yard.ts'

type Payout = {
  id: string
  status: string
  rail?: string
  fee?: { amount: string }
  netting?: { net: string; payouts: number; closed?: string; paid_by?: string; expected_saved_usd?: string }
}

let yard: Yard
let payer: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard()
  payer = await partyWith(yard, { name: 'payer' })
  const { body } = await yard.call<{ id: string; offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: payer.id },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, payer.id, 'USDC')) === '20')
}, 90_000)
afterAll(() => yard?.close(), 30_000)

const toCustomer = () => ({ kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId })
const pay = async (amount: string, netting: Json, destination: Json = toCustomer()): Promise<Payout> => {
  const body = { party: payer.id, amount: { asset: 'USDC', amount }, destinations: [destination], netting }
  const made = await yard.call<Payout>('POST', '/v1/payouts', { body, key: payer.key })
  expect(made).toMatchObject({ status: 201, body: { status: 'collecting', object: 'payout' } })
  return made.body
}
const now = async (id: string) => (await yard.call<Payout>('GET', `/v1/payouts/${id}`, { key: payer.key })).body
const ended = (ids: readonly string[]) =>
  Promise.all(
    ids.map((id) =>
      until(`payout ${id}`, async () => {
        const payout = await now(id)
        return (payout.status === 'settled' || payout.status === 'failed') && payout
      }),
    ),
  )
/** The payments that these payouts were made by. */
const paymentsOf = async (ids: readonly string[]) => new Set((await ended(ids)).map((p) => p.netting!.paid_by))

test('twenty payouts to one node are one payment, each with its share, and the party sees what was saved', async () => {
  const ids = (await Promise.all(Array.from({ length: 20 }, () => pay('0.011', { max_count: 20, max_age_s: 600 })))).map((p) => p.id)
  const payouts = await ended(ids)
  expect(payouts.every((p) => p.status === 'settled' && p.rail === 'lightning' && p.netting?.closed === 'count')).toBe(true)
  expect((await paymentsOf(ids)).size).toBe(1)
  // The shares of the fee are the fee, to the msat.
  const [first] = payouts
  const { body: one } = await yard.call<{ fee: { amount: string }; amount: { amount: string } }>(
    'GET',
    `/v1/payouts/${first!.netting!.paid_by}`,
  )
  const msat = (text: string) => BigInt(text.split('.')[1]?.padEnd(11, '0') ?? '0')
  expect(payouts.reduce((sum, p) => sum + msat(p.fee!.amount), 0n)).toBe(msat(one.fee.amount))
  expect(one.amount.amount).toBe('0.22')
  const { body: party } = await yard.call<{ netting: { payouts: number; payments: number; expected_saved_usd: string } }>(
    'GET',
    `/v1/parties/${payer.id}`,
  )
  expect(party.netting).toMatchObject({ payouts: 20, payments: 1 })
  expect(units(party.netting.expected_saved_usd.slice(0, 8))).toBeGreaterThan(0n)
  expect(await balanceOf(yard, payer.id, 'USDC')).toBe('19.78')
})

test('a net that collects when the gateway is killed is paid after the restart, once', async () => {
  const ids = [(await pay('0.5', { max_age_s: 3 })).id, (await pay('0.25', { max_age_s: 600 })).id]
  await yard.kill()
  await yard.start()
  const payouts = await ended(ids)
  expect(payouts).toMatchObject([
    { status: 'settled', netting: { closed: 'age', payouts: 2 } },
    { status: 'settled', netting: { closed: 'age', payouts: 2 } },
  ])
  expect(await balanceOf(yard, payer.id, 'USDC')).toBe('19.03')
}, 60_000)

test('only what is paid again and again, to one place, is netted', async () => {
  const order = (more: Json) => ({
    body: { party: payer.id, amount: { asset: 'USDC', amount: '0.01' }, netting: { max_age_s: 60 }, ...more },
    key: payer.key,
  })
  const stranger = await partyWith(yard, { name: 'stranger' })
  const toParty = await yard.call('POST', '/v1/payouts', order({ destinations: [{ kind: 'party', party: stranger.id }] }))
  const toTwo = await yard.call(
    'POST',
    '/v1/payouts',
    order({ destinations: [toCustomer(), { kind: 'evm_address', address: `0x${'0b'.repeat(20)}` }] }),
  )
  for (const refused of [toParty, toTwo]) expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  const mine = await pay('0.01', { max_age_s: 600 })
  expect((await yard.call('GET', `/v1/payouts/${mine.id}`, { key: stranger.key })).status).toBe(404)
})

test('after all of it every rail equals the books', async () => {
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
})
