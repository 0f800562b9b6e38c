import { expect, test } from 'vitest'
import { oddsAfter, withOdds } from './families.ts'

const way = (rail: 'lightning' | 'evm:1' | 'evm:8453' | 'bank', destination: number) => ({ rail, destination })

test.each([
  ['a node that found no way', { ...way('lightning', 0), reason: 'no_route' }, way('lightning', 1), 0.2],
  ['an address frozen on one chain, on another', { ...way('evm:1', 0), reason: 'reverted' }, way('evm:8453', 0), 0.3],
  ['another address there', { ...way('evm:1', 0), reason: 'reverted' }, way('evm:8453', 1), 1],
  ['another rail', { ...way('lightning', 0), reason: 'no_route' }, way('bank', 1), 1],
  ['an invoice that is over', { ...way('lightning', 0), reason: 'expired' }, way('lightning', 1), 1],
  ['a reason of our own', { ...way('lightning', 0), reason: 'fee_budget_used' }, way('lightning', 1), 1],
])('%s', (_, failed, other, left) => {
  expect(oddsAfter(failed, other)).toBe(left)
})

test('odds of 99 to 1 at a fifth are 99 to 5', () => {
  expect(withOdds(0.99, 0.2)).toBeCloseTo(99 / 104, 12)
  expect(withOdds(0.99, 1)).toBeCloseTo(0.99, 12)
})
