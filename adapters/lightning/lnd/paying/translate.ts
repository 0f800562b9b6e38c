import type { Asset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Outcome } from '../../../../gateway/ports/outcome.ts'
import type { AttemptRow } from './attempts.ts'

/** Where this rail holds money: the node's channels, and its wallet on chain. */
export const PLACE = 'node'
export const WALLET = 'wallet'

/** How soon a payment without an outcome is worth asking about again. */
export const CHECK_AFTER_MS = 1_000
/** Where only a person, or days, will bring an end. */
const STUCK_CHECK_AFTER_MS = 60_000

/** An attempt that has ended, in the domain's words; undefined while it is without an outcome. */
export function endedOutcome(attempt: AttemptRow, asset: Asset): Outcome | undefined {
  const { state, paymentHash, preimage, reason, detail } = attempt
  if (state === 'begun') return undefined
  if (state === 'failed') return { kind: 'failed', reason: reason ?? 'rejected_by_rail', ...(detail ? { detail } : {}) }
  const at = msOf(attempt.endedAt ?? attempt.createdAt)
  const evidence = { rail: 'lightning', id: paymentHash, at, ...(preimage ? { proof: preimage } : {}) } as const
  return { kind: 'settled', evidence, fee: money(asset, attempt.feeMsat) }
}

/** What is not known, and why not. */
export function unknownOutcome(detail: string): Outcome {
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail }
}

/** LND was not heard, so what it said before still holds. */
export function silentOutcome(detail: string): Outcome {
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, silent: true, detail }
}

/** LND says that it is under way and shows nothing that is: it will not end by itself, and must never be failed by us. */
export function stuckOutcome(detail: string): Outcome {
  return { kind: 'unknown', checkAfterMs: STUCK_CHECK_AFTER_MS, stuck: true, detail }
}

/** A time in ms as a number. */
export function msOf(at: bigint): number {
  return Number(at) // not money: a time in ms
}
