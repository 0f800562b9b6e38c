import { expect, test } from 'vitest'
import type { Fact } from '../../ports/books.ts'
import { factRows, paymentChanges } from './paymentFacts.ts'

const amount = { asset: { id: 'eip155:1/erc20:0xaa', code: 'USDC', scale: 6, ledger: 100 }, units: '2500000' }
const created: Fact = {
  type: 'exchange.created',
  id: 'ex_1',
  at: 5,
  data: { party: 'pa_1', createdBy: 'test', pay: { kind: 'hold' }, toPay: { payout: 'po_1', amount }, claims: [] },
}
const later = (type: string, data: Fact['data'] = {}): Fact => ({ type, id: 'ex_1', at: 9, data })

test.each<[string, Fact, string]>([
  ['held', later('exchange.held'), 'held'],
  ['taken', later('exchange.taken', { stray: false }), 'taken'],
  ['given back', later('exchange.released', { reason: 'payout_failed' }), 'returned'],
  ['never paid', later('exchange.released', { reason: 'unpaid' }), 'expired'],
  ['credited', later('exchange.credited'), 'credited'],
  ['paid after its end', later('exchange.taken', { stray: true }), 'awaiting_payment'],
])('an exchange that is %s is a payment of its party, with that status', (_, fact, status) => {
  expect(paymentChanges([{ facts: [created, fact] }])).toEqual([
    {
      id: 'ex_1',
      kind: 'exchange',
      status,
      party: 'pa_1',
      asset: 'eip155:1/erc20:0xaa',
      units: 2_500_000n,
      createdAt: 5,
      changedAt: 9,
    },
  ])
  expect(factRows(1, [{ facts: [created, fact] }]).map((row) => row.subject)).toEqual(['ex_1', 'ex_1'])
})
