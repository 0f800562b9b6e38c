import { expect, test } from 'vitest'
import { BTC } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { AttemptRow } from './attempts.ts'
import { estimateOf, outcomeOf, railBalanceOf, settlementOf } from './translate.ts'

const pending: AttemptRow = {
  id: 'at_1',
  paymentId: 'aa',
  paymentHash: 'bb',
  amountMsat: 1_000n,
  state: 'pending',
  reason: undefined,
  detail: undefined,
  preimage: undefined,
  feeMsat: 0n,
  createdAt: 1n,
  endedAt: 0n,
}

test('a pending attempt is unknown, and stuck when the node does not carry it', () => {
  expect(outcomeOf(pending, BTC)).toMatchObject({ kind: 'unknown' })
  expect(outcomeOf(pending, BTC)).not.toHaveProperty('stuck')
  expect(outcomeOf(pending, BTC, false)).toMatchObject({ kind: 'unknown', stuck: true })
})

test('a settled attempt carries hash, preimage, time and the real fee', () => {
  const settled: AttemptRow = { ...pending, state: 'settled', preimage: 'cc', feeMsat: 7n, endedAt: 9n }
  const evidence = { rail: 'lightning', id: 'bb', at: 9, proof: 'cc' }
  expect(outcomeOf(settled, BTC)).toEqual({ kind: 'settled', evidence, fee: money(BTC, 7n) })
})

test('a failed attempt keeps its reason whether the node still lists it or not', () => {
  const failed: AttemptRow = { ...pending, state: 'failed', reason: 'no_route', detail: 'none' }
  expect(outcomeOf(failed, BTC, false)).toEqual({ kind: 'failed', reason: 'no_route', detail: 'none' })
})

test('a received event names its payment in every field that must be unique', () => {
  const event = { seq: 12n, kind: 'received', paymentHash: 'bb', amountMsat: 5n, feeMsat: 0n, preimage: 'cc', at: 3n } as const
  expect(settlementOf(event, BTC)).toMatchObject({ id: 'bb', reference: 'bb', cursor: '12', proof: 'cc', amount: money(BTC, 5n), at: 3 })
})

test('a balance names only what is in flight', () => {
  const balance = { ownMsat: 10n, outgoingMsat: 3n, claimedMsat: 0n, closingMsat: 0n }
  expect(railBalanceOf(balance, BTC, 1)).toEqual({
    place: 'node',
    amount: money(BTC, 10n),
    at: 1,
    inFlight: [{ what: 'outgoing payments without an outcome, fees included', amount: money(BTC, 3n) }],
  })
})

test.each([
  [1_000n, 10n, 'insufficient_liquidity'],
  [1_000n, 1_000n, 'no_route'],
] as const)('no route for %i msat with %i available is told as %s', (amount, availableMsat, reason) => {
  expect(estimateOf({ feeMsat: undefined, availableMsat, successPpm: 1n }, amount, BTC)).toMatchObject({ kind: 'impossible', reason })
})

test('a quote leaves room above its fee', () => {
  const quote = { feeMsat: 1_001n, availableMsat: 5n, successPpm: 990_000n }
  expect(estimateOf(quote, 1n, BTC)).toMatchObject({ fee: money(BTC, 1_001n), feeMax: money(BTC, 2_501n), available: money(BTC, 5n) })
})
