import { describe, expect, test } from 'vitest'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { bookingOf } from './booking.ts'
import type { BookingContext, Movement } from './bookingContext.ts'
import { move } from './legs.ts'

// A move asks nothing of the views.
const context = { splits: { bySplitId: () => undefined }, bookAsset: USD } as unknown as BookingContext
const moved: Movement = { kind: 'moved', id: '7', cursor: '9', rail: 'lightning', place: 'node', amount: money(BTC, 5_000n), at: 1 }

describe('a move between two places of a rail', () => {
  test('takes from one and adds to the other, and touches no account of anybody', () => {
    const booking = bookingOf({ ...moved, toPlace: 'closing' }, 'en_1', context)
    expect(booking.legs).toEqual([move('rail:lightning:closing', 'rail:lightning:node', moved.amount)])
    expect(booking.claims).toEqual([{ key: 'settlement:lightning:moved:7', fingerprint: `moved:${BTC.id}:5000` }])
    expect(booking.facts[0]?.data).toMatchObject({ kind: 'moved', place: 'node', toPlace: 'closing', cursor: '9' })
  })

  test('to nowhere, or to where it was, is no move', () => {
    expect(() => bookingOf(moved, 'en_1', context)).toThrow(/invariant/)
    expect(() => bookingOf({ ...moved, toPlace: 'node' }, 'en_1', context)).toThrow(/invariant/)
  })
})

describe('a channel that opens with money on our side', () => {
  const { kind: _, ...rest } = moved
  const funded: Movement = { ...rest, kind: 'funded' }

  test('brings it to the operator, as liquidity to convert with', () => {
    const booking = bookingOf(funded, 'en_1', context)
    expect(booking.legs).toEqual([move('rail:lightning:node', 'fx:BTC/USD', moved.amount)])
    expect(booking.payment).toBe('capital')
  })

  test('brings it as capital where balances are in that asset', () => {
    const booking = bookingOf(funded, 'en_1', { ...context, bookAsset: BTC })
    expect(booking.legs).toEqual([move('rail:lightning:node', 'capital:operator', moved.amount)])
  })
})
