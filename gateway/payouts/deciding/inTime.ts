import type { Payout } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'

/** The candidates where none is possible whose payee would have good funds after the payout's deadline, if it were tried now. */
export function inTime({ deliverBy }: Pick<Payout, 'deliverBy'>, quoted: readonly QuotedCandidate[], now: number): QuotedCandidate[] {
  if (deliverBy === undefined) return [...quoted]
  return quoted.map((q) => {
    const { candidate } = q
    if (candidate.kind === 'impossible') return q
    const fundsAt = goodFundsAt(candidate.secondsToFunds, now)
    if (fundsAt <= deliverBy) return q
    const { rail, destination } = candidate
    return {
      candidate: { kind: 'impossible', rail, destination, reason: 'too_late', detail: tooLate(fundsAt, deliverBy) },
      quote: undefined,
    }
  })
}

/** Why a way is too late, in words; both times in ms. */
export function tooLate(fundsAt: number, deliverBy: number): string {
  return `its payee would have good funds at ${new Date(fundsAt).toISOString()}, after ${new Date(deliverBy).toISOString()}`
}

/** When the payee has good funds if it is tried now (ms). */
export function goodFundsAt(secondsToFunds: bigint, now: number): number {
  return now + Number.parseInt(secondsToFunds.toString(), 10) * 1_000
}
