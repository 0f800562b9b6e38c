import type { Collections } from './collections.ts'
import { isAway } from './paidRequest.ts'
import type { PaidRequests } from './paidRequests.ts'
import type { RequestRecords } from './requestRecords.ts'

/** Given back at once, so that they do not fill the queue of the books. */
const AT_ONCE = 200

/**
 * After a restart, before anything is accepted: requests that were claimed and never answered are not run again, their money goes back, but for what an
 * answer that had begun was said to use, and for those that other processes run and may still answer; authorizations whose answer was given are collected
 * (their id and their nonce make a second try harmless).
 */
export async function recoverRequests(o: {
  records: RequestRecords
  requests: PaidRequests
  collections: Collections
}): Promise<{ interrupted: number; collecting: number }> {
  // Collected first and not begun: the payer repeats the request and gets its answer.
  const cutOff = o.records.unfinished().filter((request) => !(request.settleFirst && !request.started) && !isAway(request))
  // Some wait for money that is not booked yet, and one after the other they would hold up the start.
  for (let next = 0; next < cutOff.length; next += AT_ONCE)
    await Promise.all(cutOff.slice(next, next + AT_ONCE).map((request) => o.requests.cutOff(request)))
  const held = o.records.heldKeys()
  for (const claimKey of held) o.collections.enqueue(claimKey)
  return { interrupted: cutOff.length, collecting: held.length }
}
