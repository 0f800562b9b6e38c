import { describe, expect, test } from 'vitest'
import { BTC } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { AttemptRow } from './payments/attempts.ts'
import { estimateOf, outcomeOf, railBalancesOf, settlementOf } from './translate.ts'

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

const event = {
  seq: 12n,
  id: 'bb',
  toPlace: undefined,
  amountMsat: 5n,
  feeMsat: 0n,
  preimage: 'cc',
  reference: 'bb',
  records: [],
  at: 3n,
} as const

test('a received event names its payment in every field that must be unique', () => {
  const settlement = settlementOf({ ...event, kind: 'received', place: 'node' }, BTC)
  expect(settlement).toMatchObject({ id: 'bb', reference: 'bb', cursor: '12', proof: 'cc', amount: money(BTC, 5n), at: 3 })
})

test('what moved names both places and no payment', () => {
  const moved = settlementOf({ ...event, kind: 'moved', place: 'node', toPlace: 'closing' }, BTC)
  expect(moved).toEqual({
    kind: 'moved',
    id: 'bb',
    cursor: '12',
    rail: 'lightning',
    place: 'node',
    toPlace: 'closing',
    amount: money(BTC, 5n),
    at: 3,
  })
  expect(settlementOf({ ...event, kind: 'received', place: 'closing' }, BTC)).not.toHaveProperty('reference')
})

describe('balances', () => {
  const open = {
    ownMsat: 10n,
    outgoingMsat: 3n,
    outgoingAttempts: ['at_1'],
    claimedMsat: 0n,
    seq: 7n,
    closing: undefined,
    walletMsat: undefined,
  }
  const line = (what: string, units: bigint) => ({ what, amount: money(BTC, units) })

  test('name only what is in flight, and the event they stand at', () => {
    const inFlight = [{ ...line('outgoing payments without an outcome, fees included', 3n), payments: ['at_1'] }]
    expect(railBalancesOf(open, BTC, 1)).toEqual([{ place: 'node', amount: money(BTC, 10n), at: 1, cursor: '7', inFlight }])
  })

  test('of a closing explain what is not final, but no more than a closing can cost', () => {
    const closing = { closings: 1n, leavingMsat: 4n, leavingAttempts: ['at_1'], chainMsat: 90n, costMsat: 60_000_000n }
    const [node, at] = railBalancesOf({ ...open, outgoingMsat: 0n, closing }, BTC, 1)
    const leaving = (units: bigint) => ({ ...line('of closed channels whose payments have not ended', units), payments: ['at_1'] })
    expect(node?.inFlight).toEqual([leaving(4n)])
    expect(at).toMatchObject({ place: 'closing', amount: money(BTC, 90n) })
    // The chain shows it already, and the books show it at 'node'.
    expect(at?.inFlight).toEqual([leaving(-4n), line('costs of closing, booked when they are final', 50_000_000n)])
  })

  test('of the wallet are exact', () => {
    expect(railBalancesOf({ ...open, walletMsat: 5_000n }, BTC, 1)[1]).toMatchObject({
      place: 'wallet',
      amount: money(BTC, 5_000n),
      inFlight: [],
    })
  })
})

test.each([
  [1_000n, 10n, 'insufficient_liquidity'],
  [1_000n, 1_000n, 'no_route'],
] as const)('no route for %i msat with %i available is told as %s', (amount, availableMsat, reason) => {
  expect(estimateOf({ route: undefined, availableMsat, successPpm: 1n, refusal: undefined }, amount, BTC)).toMatchObject({
    kind: 'impossible',
    reason,
  })
})

test('a quote leaves room above its fee', () => {
  const route = { feeMsat: 1_001n, hops: 2, cltvBlocks: 90, routePpm: 995_000n }
  const quote = { route, availableMsat: 5n, successPpm: 990_000n, refusal: undefined }
  expect(estimateOf(quote, 1n, BTC)).toMatchObject({
    fee: money(BTC, 1_001n),
    feeMax: money(BTC, 2_501n),
    available: money(BTC, 5n),
    route: { hops: 2, lockBlocks: 90 },
  })
})

test('what would not be begun now is not offered, however good the route', () => {
  const route = { feeMsat: 1n, hops: 2, cltvBlocks: 90, routePpm: 995_000n }
  const quote = { route, availableMsat: 5n, successPpm: 990_000n, refusal: 'too much dust' }
  expect(estimateOf(quote, 1n, BTC)).toEqual({ kind: 'impossible', reason: 'rejected_by_rail', detail: 'too much dust' })
})
