import type { Lister } from '../audit/lists/lister.ts'
import type { BreakStatus } from './break.ts'
import { readReconciliationFact } from './facts.ts'

const list = 'reconciliation'

/** A break is found by its kind, its statement, its account and by what is on either side of it. */
const listBreaks: Lister = (fact) => {
  const known = readReconciliationFact(fact)
  if (!known) return []
  const is = (status: BreakStatus) => ({ list, id: known.id, status }) as const
  switch (known.type) {
    case 'reconciliation.break_opened': {
      const { rail, kind, account, asset, expected, moved, statement, expectations, movements } = known.data
      const [shown, booked] = [BigInt(moved), BigInt(expected)]
      const amount = { asset, units: shown > booked ? shown - booked : booked - shown }
      const references = [
        kind,
        account,
        ...(statement === undefined ? [] : [statement]),
        ...movements.slice(0, NAMES_MAX),
        ...expectations.slice(0, NAMES_MAX),
      ]
      return [{ ...is('open'), begins: { at: known.at, parties: [] }, rail, amount, references }]
    }
    case 'reconciliation.break_assigned':
      return [{ ...is('open'), references: [known.data.to] }]
    case 'reconciliation.break_asked':
      return [{ ...is('asked'), references: [known.data.action] }]
    case 'reconciliation.break_reopened':
      return [is('open')]
    case 'reconciliation.break_resolved':
      return [is('resolved')]
    default:
      return []
  }
}

/** Of a break with many lines the first are found. */
const NAMES_MAX = 20

/** What reconciliation changes in lists. */
export const reconciliationLists: readonly Lister[] = [listBreaks]
