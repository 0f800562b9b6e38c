import type { Claim } from '../../ports/books.ts'
import type { PaidRequest } from './paidRequest.ts'

/** A claim that each run of the same work takes once. */
export function ofRun(key: string, again: number): string {
  return again === 0 ? key : `${key}:${again}`
}

/**
 * What ends a run that may end in two ways at once: the answer of another process may come when its time is over. Whichever is durable first stands.
 */
export function endOf({ receipt, again }: PaidRequest, how: 'answered' | 'interrupted' | 'handler_failed'): Claim {
  return { key: ofRun(`request:${receipt}:given_back`, again), fingerprint: how }
}
