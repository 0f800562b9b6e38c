import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokensOf } from './tokensOf.ts'
import { balanceOf, type Json, partyWith, startYard, units, verified, type Yard } from './yard.ts'

type Amount = { amount: string; code: string }
type Quote = Readonly<Record<'send' | 'amount' | 'fee' | 'gas' | 'spread' | 'receive', Amount>> & {
  id: string
  status: string
  rate?: Json
}

const PAYEE = '0x00000000000000000000000000000000000e0e02'

let yard: Yard
let payer: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard()
  payer = await partyWith(yard, { name: 'payer', eur: '20.00' })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

test('a quote of euros for tokens is paid with exactly its numbers, and every rail equals the books', async () => {
  const body = {
    party: payer.id,
    send: { asset: 'EUR', amount: '5' },
    destinations: [{ kind: 'evm_address', address: PAYEE }],
    fee_bearer: 'payee',
  }
  const before = units(await balanceOf(yard, payer.id, 'EUR'))
  const made = await yard.call<Quote>('POST', '/v1/quotes', { body, key: payer.key })
  expect(made).toMatchObject({ status: 201, body: { status: 'open', send: { amount: '5', code: 'EUR' }, receive: { code: 'USDC' } } })
  const { id, amount, fee, spread, receive, gas, rate } = made.body
  expect(units(amount.amount) + units(fee.amount)).toBe(5_000_000n)
  expect([units(fee.amount), units(gas.amount), units(spread.amount)].every((part) => part > 0n)).toBe(true)
  expect(rate).toMatchObject({ source: expect.any(String), observed_at: expect.any(String) })
  expect(units(await balanceOf(yard, payer.id, 'EUR'))).toBe(before)
  const paid = await yard.call<{ id: string }>('POST', '/v1/payouts', { body: { party: payer.id, quote: id }, key: payer.key })
  expect(paid.status).toBe(201)
  const ended = await yard.call<Json>('GET', `/v1/payouts/${paid.body.id}?wait=20`, { key: payer.key })
  expect(ended.body).toMatchObject({ status: 'settled', quote: id, attempts: [{ amount: { amount: receive.amount } }] })
  expect(await tokensOf(yard, PAYEE)).toBe(units(receive.amount))
  expect(before - units(await balanceOf(yard, payer.id, 'EUR'))).toBe(5_000_000n)
  expect((await yard.call<Quote>('GET', `/v1/quotes/${id}`, { key: payer.key })).body).toMatchObject({
    status: 'used',
    payout: paid.body.id,
  })
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
}, 60_000)
