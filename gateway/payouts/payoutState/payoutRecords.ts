import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books } from '../../ports/books.ts'
import type { DecisionId, PayoutId } from '../../ports/ids.ts'
import { evolve } from './evolve.ts'
import { type PayoutFact, payoutOf, readFact } from './facts.ts'
import type { Payout } from './payout.ts'

export type DecisionFact = PayoutFact & { type: 'decision.made' }

/** All payouts as the journal's facts make them, and their decisions. */
export type PayoutRecords = Records<Payout> &
  Readonly<{
    decision(id: string): DecisionFact | undefined
    /** The payout that took this claim when it was created. */
    byClaim(key: string): Payout | undefined
    byAttempt(id: string): Payout | undefined
    /** Payouts with an attempt that persons have said something of, the first said first: persons end few, so all of them are known. */
    ruled(): readonly Payout[]
  }>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createPayoutRecords(books: Books, { endedKept }: { endedKept?: number } = {}): PayoutRecords {
  const archive = books.archive('payout.store')
  const decisions = new Map<DecisionId, DecisionFact>()
  const ruled = new Set<PayoutId>()

  const payouts = recordsOf<Payout, PayoutFact>({
    books,
    name: 'payout.store',
    form: 5,
    read: readFact,
    idOf: payoutOf,
    evolve,
    isOpen: ({ status }) => status === 'open',
    isExceptional: ({ exceptions }) => exceptions.length > 0,
    names: namesIn,
    beside: {
      tables: { decisions, ruled },
      apply(fact) {
        if (fact.type === 'attempt.ruled') ruled.add(fact.data.payout)
        if (fact.type === 'decision.made') decisions.set(fact.id, fact)
      },
      left(_, names) {
        for (const name of names) {
          const decision = decisions.get(name as DecisionId) // Other names are no keys.
          if (decision && archive.put(`decision ${name}`, decision)) decisions.delete(decision.id)
        }
      },
    },
    endedKept,
  })

  return {
    ...payouts,
    // A lookup by any text; only ids of decisions are keys, and only decisions are put there so.
    decision: (id) => decisions.get(id as DecisionId) ?? (archive.get(`decision ${id}`) as DecisionFact | undefined),
    byClaim: payouts.named,
    ruled: () => [...ruled].flatMap((id) => payouts.get(id) ?? []),
    byAttempt: (id) => (id.startsWith('at_') ? payouts.named(id) : undefined),
  }
}

/** A payout is named by the claims that it took, by its decisions, and by its tries on rails, which may tell of one long after its end. */
function namesIn(fact: PayoutFact): readonly string[] {
  if (fact.type === 'payout.created') return fact.data.claims
  if (fact.type === 'attempt.sent' && fact.data.rail !== 'book') return [fact.id]
  return fact.type === 'decision.made' ? [fact.id] : []
}
