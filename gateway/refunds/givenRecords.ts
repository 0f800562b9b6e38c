import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { readRefundFact } from '../payins/refund/facts.ts'
import { payoutOf, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import type { Books } from '../ports/books.ts'
import { type AppliedFact, evolve, isRefundFact } from './evolve.ts'
import { type AssetOf, type GivenRefund, paymentsOf } from './givenRefund.ts'

/** All refunds as the journal's facts make them. */
export type GivenRecords = Records<GivenRefund> &
  Readonly<{
    /** Of a payment, by its receipt or its intent: the oldest first, as few as a payment may have. */
    ofPayment(payment: string): GivenRefund[]
    /** How many of a party have no end. */
    openOf(party: string): number
  }>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createGivenRecords(books: Books, assetOf: AssetOf, { endedKept }: { endedKept?: number } = {}): GivenRecords {
  const archive = books.archive('refund.store')
  const openOf = new Map<string, number>()
  const counted = new Set<string>()

  function count(refund: GivenRefund): void {
    const isOpen = refund.end === undefined
    if (isOpen === counted.has(refund.id)) return
    if (isOpen) counted.add(refund.id)
    else counted.delete(refund.id)
    for (const party of ownersOf(refund)) {
      const now = (openOf.get(party) ?? 0) + (isOpen ? 1 : -1)
      if (now > 0) openOf.set(party, now)
      else openOf.delete(party)
    }
  }
  /** Those of a payment are in the archive by their place, so that they take no memory. */
  function enlist(refund: GivenRefund): void {
    for (const payment of paymentsOf(refund)) archive.put(`of ${payment} ${refund.data.place}`, refund.id)
  }
  const refunds = recordsOf<GivenRefund, AppliedFact>({
    books,
    name: 'refund.store',
    form: 2,
    read: (fact) => readRefundFact(fact) ?? readPayoutFact(fact),
    idOf: (fact, named) => (isRefundFact(fact) ? fact.id : named(payoutOf(fact))?.id),
    evolve: (refund, fact) => evolve(refund, fact, assetOf),
    isOpen: ({ end }) => end === undefined,
    names: (fact) => (fact.type === 'refund.sent' ? [fact.data.try] : []),
    beside: {
      tables: { openOf, counted },
      apply(fact, refund) {
        if (fact.type === 'refund.created') enlist(refund)
        count(refund)
      },
    },
    endedKept,
  })

  return {
    ...refunds,
    openOf: (party) => openOf.get(party) ?? 0,
    ofPayment(payment) {
      const found: GivenRefund[] = []
      for (let id = archive.get(`of ${payment} 0`); id; id = archive.get(`of ${payment} ${found.length}`))
        found.push(refunds.get(id as string)!)
      return found
    },
  }
}

function ownersOf({ data: { parties, by } }: GivenRefund): readonly string[] {
  return [...new Set([...parties, ...(by.startsWith('pa_') ? [by] : [])])]
}
