import { max } from '../money/integers.ts'
import { RAIL_OF } from '../payouts/deciding/candidates.ts'
import type { RailKind } from '../ports/railName.ts'
import type { Destination } from '../ports/sender.ts'

/** How exchanges are driven. Times in milliseconds. */
export type ExchangePolicy = Readonly<{
  /** Exchanges that may be open at once; one more is refused with `too_busy`. */
  openMax: number
  /** The same for one party, so that one cannot keep the others out. */
  openPerPartyMax: number
  /** Exchanges that are worked on at once; the others queue. */
  lanes: number
  /** What is left between our own decision and the node's deadline: four blocks at the pace that deadlines are reckoned at. */
  marginMs: number
  /** How long after its expiry an unpaid invoice is cancelled; a payment may be on its way. */
  graceMs: number
  /**
   * How long a payment must have been seen to wait before anything is paid for it. LND says that it waits a moment before it is on disk, and a crash in
   * that moment gives it back.
   */
  restMs: number
  /** How often the node is asked for an invoice that is not paid, besides its own word. */
  watchMs: number
  /** How often it is asked for a payment that waits. */
  guardMs: number
  /** How long to wait when the books or a rail are too busy. */
  retryMs: number
  /** How long one that was paid waits before it asks again for a day with room, while a gateway's first days limit it. */
  dayFullMs: number
  /** The least that a payout's slowest way is given, by kind of rail. */
  worstMsMin: Readonly<Record<RailKind, number>>
  /** What a rail's own reckoning of its time is multiplied by. */
  worstFactor: bigint
  /** Longest that a payment is asked to be able to wait: some 720 blocks. */
  holdableMsMax: number
}>

export const exchangePolicy: ExchangePolicy = {
  openMax: 1_000,
  openPerPartyMax: 100,
  lanes: 32,
  marginMs: 1_200_000,
  graceMs: 10_000,
  restMs: 1_000,
  watchMs: 15_000,
  guardMs: 5_000,
  retryMs: 1_000,
  dayFullMs: 60_000,
  worstMsMin: { book: 1_000, evm: 900_000, lightning: 3_600_000, bank: 86_400_000, custom: 86_400_000 },
  worstFactor: 2n,
  holdableMsMax: 216_000_000,
}

/** How long the slowest way to these destinations may take to be certain, given what the rails reckon. */
export function worstMs(policy: ExchangePolicy, destinations: readonly Destination[], secondsMax: bigint): number {
  const reckoned = Number(secondsMax * policy.worstFactor * 1_000n) // not money: milliseconds, of seconds that the rails bound
  return destinations.reduce((most, { kind }) => max(most, policy.worstMsMin[RAIL_OF[kind]]), reckoned)
}

/** How long a payment must be able to wait for a payout that may take so long: its own time, the margin before it begins and after it ends. */
export function holdableMs(policy: ExchangePolicy, worst: number): number {
  return worst + 2 * policy.marginMs
}
