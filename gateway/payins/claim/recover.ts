import type { Collections } from './collections.ts'
import { isAway } from './paidRequest.ts'
import type { PaidRequests } from './paidRequests.ts'
import type { RequestRecords } from './requestRecords.ts'

/**
 * After a restart, before anything is accepted: requests that were claimed and never answered are not run again, their money goes back, but for those that
 * other processes run and may still answer; authorizations
 * whose answer was given are collected (their id and their nonce make a second try harmless).
 */
export async function recoverRequests(o: {
  records: RequestRecords
  requests: PaidRequests
  collections: Collections
}): Promise<{ interrupted: number; collecting: number }> {
  let interrupted = 0
  for (const request of o.records.unfinished()) {
    // Collected first and not begun: the payer repeats the request and gets its answer.
    if ((request.settleFirst && !request.started) || isAway(request)) continue
    await o.requests.giveBack(request, 'interrupted')
    interrupted++
  }
  const held = o.records.heldKeys()
  for (const claimKey of held) o.collections.enqueue(claimKey)
  return { interrupted, collecting: held.length }
}
