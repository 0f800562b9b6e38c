import type { ChannelManager } from 'lightningdevkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type NodeStore, openNodeStore } from '../ldk/nodeStore.ts'
import { holdState, htlcWasReturned, settleHold } from './holds.ts'
import { recordHeld, recordHold, recordHoldEnd } from './holdTable.ts'

const paymentHash = '72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793' // SHA-256 of 32 bytes of 01.
const preimage = '01'.repeat(32)
const DEADLINE = 500n

let store: NodeStore
let height: number
let claimed: number
beforeEach(() => {
  store = openNodeStore(':memory:')
  height = 480
  claimed = 0
  recordHold(store, { paymentHash, amountMsat: 1_000n, expiresAt: 9n, invoice: 'lnbcrt' })
})
afterEach(() => store.close())

const manager = () =>
  // Of LDK's manager only these two are used.
  ({
    current_best_block: () => ({ get_height: () => height }),
    claim_funds: () => {
      claimed++
    },
  }) as unknown as ChannelManager
const node = () => ({ manager: manager(), store, now: () => 1_000 })
const hold = () => recordHeld(store, { paymentHash, heldMsat: 1_000n, heldAt: 5n, deadlineHeight: DEADLINE })
const state = () => holdState(node(), paymentHash)?.state

describe('an HTLC that is given back', () => {
  test('before the deadline is a second payment of the same invoice: the first one waits on', () => {
    hold()
    htlcWasReturned(node(), paymentHash)
    expect(state()).toBe('held')
    expect(holdState(node(), paymentHash)?.msLeft).toBe(20 * 300_000)
  })

  test('at the deadline is the payment itself', () => {
    hold()
    height = 500
    htlcWasReturned(node(), paymentHash)
    expect(state()).toBe('cancelled')
  })

  test('of an unpaid or unknown hold changes nothing', () => {
    height = 500
    htlcWasReturned(node(), paymentHash)
    htlcWasReturned(node(), 'ff'.repeat(32))
    expect(state()).toBe('open')
  })
})

describe('settling', () => {
  test('gives the preimage to LDK once', () => {
    hold()
    settleHold(node(), paymentHash, preimage)
    settleHold(node(), paymentHash, preimage)
    expect([claimed, state()]).toEqual([1, 'claiming'])
  })

  test('at the deadline gives nothing: LDK gives the payment back', () => {
    hold()
    height = 500
    settleHold(node(), paymentHash, preimage)
    expect([claimed, state()]).toEqual([0, 'held'])
  })

  test('with a preimage of something else is an impossible state', () => {
    hold()
    expect(() => settleHold(node(), paymentHash, '02'.repeat(32))).toThrow('invariant broken')
  })

  test('what is settled is never cancelled afterwards', () => {
    hold()
    recordHoldEnd(store, paymentHash, { state: 'settled', at: 2 })
    recordHoldEnd(store, paymentHash, { state: 'cancelled', at: 3 })
    expect(state()).toBe('settled')
  })
})
