import type { Lister } from '../audit/lists/lister.ts'
import { noted } from '../events/telling/telling.ts'
import { type RefundFact, readRefundFact } from '../payins/refund/facts.ts'
import { payoutOf, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import type { ListedChange } from '../ports/readLists.ts'
import type { RefundStatus } from './givenRefund.ts'
import { tryName } from './refundEvents.ts'

const list = 'refunds'

/** Status as `refundStatus` says it: a test compares the two. */
const listGiven: Lister = (fact) => {
  const known = readRefundFact(fact)
  return known ? [changed(known)] : []
}

function changed(fact: RefundFact): ListedChange {
  const { id } = fact
  const is = (status: RefundStatus, more: Pick<ListedChange, 'references'> = {}) => ({ list, id, status, ...more }) as const
  switch (fact.type) {
    case 'refund.created': {
      const { data, at } = fact
      const { parties, by, rail, asset, units, way, metadata, request, receipt } = data
      return {
        ...is(way.kind === 'to' ? 'pending' : 'needs_claim', { references: [receipt, request] }),
        begins: { at, parties: [...parties, ...(by.startsWith('pa_') ? [by] : [])] },
        rail,
        amount: { asset, units: BigInt(units) },
        metadata,
      }
    }
    case 'refund.sent':
      return is('sending', { references: [fact.data.try] })
    case 'refund.reopened':
      return is('needs_claim')
    case 'refund.ended':
      return is(fact.data.outcome)
  }
}

/** What becomes of a payout that was made for one, until the refund itself says how it ended. */
const listTries: Lister = (fact, { recall }) => {
  const known = readPayoutFact(fact)
  const id = known && noted(recall(tryName(payoutOf(known))), 'refund')
  if (!known || !id) return []
  const status = STATUS_AFTER[known.type]
  // What had its end and came back has none any more.
  return status === undefined ? [] : [{ list, id, status, only: known.type === 'payout.returned' ? ['succeeded', 'sending'] : OPEN }]
}

const OPEN: readonly RefundStatus[] = ['sending', 'unknown', 'needs_claim']
const STATUS_AFTER: Readonly<Record<string, RefundStatus>> = {
  'attempt.sent': 'sending',
  'attempt.unknown': 'unknown',
  'attempt.failed': 'sending',
  'attempt.settled': 'sending',
  'payout.settled': 'sending',
  'payout.failed': 'needs_claim',
  'payout.returned': 'needs_claim',
}

/** What refunds change in lists. */
export const refundLists: readonly Lister[] = [listGiven, listTries]
