import type { Outcome } from '../../ports/outcome.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'

/** A person is waited for, so it is asked for rarely. */
const CHECK_MS = 60_000

/** True of a payout that was open in the copy and has had no try since: the gateway that was copied may have made one that these books do not know. */
export function mayBePaid({ createdAt, attempts }: Payout, restoredFrom: number | undefined): boolean {
  return restoredFrom !== undefined && createdAt <= restoredFrom && attempts.every(({ sentAt }) => sentAt <= restoredFrom)
}

/**
 * The first try after a restore of a payout that was open in the copy is handed to no rail, and no rail is asked for it: it stands for the one that may have
 * been made without these books. A person says what became of that; once it has failed, the payout goes on as always.
 */
export function doubtAfterRestore(payout: Payout, { id }: AttemptState, restoredFrom: number | undefined): Outcome | undefined {
  if (restoredFrom === undefined || payout.createdAt > restoredFrom) return undefined
  // Undefined while the try itself is so new that the payout was read before it.
  const first = payout.attempts.find(({ sentAt }) => sentAt > restoredFrom)
  if (first !== undefined && first.id !== id) return undefined
  const detail =
    'the books were restored from a backup that was made while this payout was open: it may have been paid since, by an attempt with another id. Nothing is ' +
    'sent. Look at each rail for a payment of this amount to its payee, then end it by hand'
  return { kind: 'unknown', checkAfterMs: CHECK_MS, stuck: true, detail }
}
