import type { Lister } from '../audit/lists/lister.ts'
import { readDisputeFact } from '../payins/dispute/facts.ts'
import type { DisputeStatus } from './dispute.ts'

const list = 'disputes'

/** Status as `disputeStatus` says it: a test compares the two. */
const listDisputes: Lister = (fact) => {
  const known = readDisputeFact(fact)
  if (!known) return []
  const { id } = known
  const is = (status: DisputeStatus) => ({ list, id, status }) as const
  switch (known.type) {
    case 'dispute.opened': {
      const { parties, rail, asset, units, metadata, request, receipt } = known.data
      const references = [receipt, request]
      const amount = { asset, units: BigInt(units) }
      return [{ ...is('needs_evidence'), begins: { at: known.at, parties }, rail, amount, metadata, references }]
    }
    case 'dispute.evidence_submitted':
    case 'dispute.expired':
      return [is('under_review')]
    case 'dispute.decided': {
      const { outcome, refund } = known.data
      return [{ ...is(outcome), references: refund === undefined ? [] : [refund] }]
    }
  }
}

/** What disputes change in lists. */
export const disputeLists: readonly Lister[] = [listDisputes]
