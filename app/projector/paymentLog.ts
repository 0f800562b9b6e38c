import type { Follower } from '../../gateway/audit/projection/follower.ts'
import { paymentChanges } from '../../gateway/audit/projection/paymentFacts.ts'

/** What a payment is until it ends. */
const UNDER_WAY: ReadonlySet<string> = new Set(['open', 'claimed', 'awaiting_payment', 'held'])

type Write = (line: Readonly<{ payment: string; status: string; rail?: string; receipt?: string }>) => void

/** The same follower, and a line for each payment that ended after `since` (ms): what is built again from the journal was told before. */
export function withPaymentLines(follower: Follower, { since, write }: { since: number; write: Write }): Follower {
  return {
    cursor: follower.cursor,
    take(blocks) {
      follower.take(blocks)
      for (const { content } of blocks) {
        for (const { id, status, rail, receipt, changedAt } of paymentChanges(content.submissions)) {
          if (status === undefined || UNDER_WAY.has(status) || changedAt < since) continue
          write({ payment: id, status, ...(rail ? { rail } : {}), ...(receipt ? { receipt } : {}) })
        }
      }
    },
  }
}
