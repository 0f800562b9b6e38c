import type { AttemptId, RecallId } from './ids.ts'
import type { RailName } from './railName.ts'

/**
 * Why a payment is asked back. A bank's own recall: it was sent twice (`DUPL`), by a technical error (`TECH`) or by fraud (`FRAD`). A request of whoever
 * paid: to a wrong account (`AC03`), of a wrong amount (`AM09`), or for no reason that is said (`CUST`).
 */
export const RECALL_REASONS = ['DUPL', 'TECH', 'FRAD', 'AC03', 'AM09', 'CUST'] as const
export type RecallReason = (typeof RECALL_REASONS)[number]

/** A rail may take one of each for one payment. */
export type RecallKind = 'recall' | 'request'

/** `id` is the rail's idempotency key: the same id is asked once. `details` are words for the payee's bank. */
export type RecallOrder = Readonly<{ id: RecallId; attempt: AttemptId; reason: RecallReason; details?: string }>

/**
 * How it stands. `sent`: asked, and no answer yet. `accepted` is no money: that comes by the rail's stream, as what comes back does. `impossible`: this rail
 * can not ask for it, because it has no such payment. `words`: the code's meaning. Times in ms.
 */
export type RecallWord =
  | Readonly<{ kind: 'sent' }>
  | Readonly<{ kind: 'impossible' }>
  | Readonly<{ kind: 'pending' | 'accepted' | 'refused'; at: number; code?: string; words: string; detail?: string }>

/** Asks for payments back that have left, of a rail whose network knows that. */
export interface Recaller {
  readonly rail: RailName
  /** Whether an attempt can be asked back now for this reason, and by when the other side is to answer (ms). No network I/O. */
  recallable(attempt: AttemptId, reason: RecallReason): Readonly<{ refused: string }> | Readonly<{ kind: RecallKind; answerBy: number }>
  /** Asks, once for each id however often it is called, and says how it stands. Throws `rail_unavailable`. */
  recall(order: RecallOrder): Promise<Readonly<{ word: RecallWord; checkAfterMs: number }>>
}
