import { max } from '../../money/integers.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Payout } from '../payoutState/payout.ts'

const PPM = 1_000_000n

/** What became of tries on one rail: how many ended how, what the settled ones cost, and how long they took (ms). */
export type AttemptStats = Readonly<{
  settled: number
  failed: Readonly<Record<string, number>>
  open: number
  stuck: number
  /** Fees in parts per million of what was sent; undefined when nothing was. */
  feePpm: bigint | undefined
  p50Ms: number | undefined
  p99Ms: number | undefined
}>

/** Counts the tries of these payouts on one rail that began at `since` (ms) or later. */
export function attemptStats(payouts: readonly Payout[], rail: RailName, since: number): AttemptStats {
  const attempts = payouts.flatMap((p) => p.attempts).filter((a) => a.rail === rail && a.sentAt >= since)
  const failed: Record<string, number> = {}
  for (const { failure } of attempts) if (failure) failed[failure.reason] = (failed[failure.reason] ?? 0) + 1
  const settled = attempts.flatMap(({ settled, sentAt, amount }) =>
    settled ? [{ ...settled, amount, ms: settled.evidence.at - sentAt }] : [],
  )
  const sent = settled.reduce((sum, { amount }) => sum + amount.units, 0n)
  const fees = settled.reduce((sum, { fee }) => sum + fee.units, 0n)
  // The rail's clock and ours may differ by a little.
  const times = settled.map(({ ms }) => max(ms, 0)).sort((a, b) => a - b)
  const at = (hundredths: number) => times[Math.floor(((times.length - 1) * hundredths) / 100)] // not money: a place in a list
  return {
    settled: settled.length,
    failed,
    open: attempts.filter((a) => !a.settled && !a.failure).length,
    stuck: attempts.filter((a) => a.stuck && !a.settled && !a.failure).length,
    feePpm: sent > 0n ? (fees * PPM) / sent : undefined,
    p50Ms: at(50),
    p99Ms: at(99),
  }
}
