import { createEnds, type WaitLimits } from '../../ledger/process/ends.ts'
import { createOrderedRecords, type PageOf } from '../../ledger/process/orderedRecords.ts'
import type { Books } from '../../ports/books.ts'
import type { DecisionId, PayoutId } from '../../ports/ids.ts'
import { evolve } from './evolve.ts'
import { type PayoutFact, payoutOf, readFact } from './facts.ts'
import type { Payout } from './payout.ts'

export type DecisionFact = PayoutFact & { type: 'decision.made' }

/** All payouts as the journal's facts make them: at start from what stands, then live, before a submission resolves. */
export type PayoutRecords = Readonly<{
  get(id: string): Payout | undefined
  decision(id: string): DecisionFact | undefined
  /** The payout that took this claim when it was created. */
  byClaim(key: string): Payout | undefined
  /** Oldest first. */
  open(): Payout[]
  openCount(): number
  exceptions(): Payout[]
  list(page: PageOf): Payout[]
  /** Resolves when a payout that is open has its end, or at the limits. */
  waitForEnd(id: PayoutId, limits: WaitLimits): Promise<void>
}>

const NAME = 'payout.store'

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createPayoutRecords(books: Books, options: { endedKept?: number } = {}): PayoutRecords {
  const archive = books.archive(NAME)
  /** Each is named by the claims that it took, and by its decisions. */
  const payouts = createOrderedRecords<Payout>({ archive, ...options, left: putDecisions })
  const decisions = new Map<DecisionId, DecisionFact>()
  const ends = createEnds()

  function take(fact: PayoutFact): void {
    const id = payoutOf(fact)
    const payout = evolve(payouts.get(id), fact)
    payouts.put(payout, { open: payout.status === 'open', exceptional: payout.exceptions.length > 0 })
    if (fact.type === 'payout.created') for (const key of fact.data.claims) payouts.name(key, id)
    if (fact.type === 'decision.made') {
      decisions.set(fact.id, fact)
      payouts.name(fact.id, id)
    }
    if (payout.status !== 'open') ends.notify(id)
  }

  function putDecisions(_: Payout, names: readonly string[]): void {
    for (const name of names) {
      const decision = decisions.get(name as DecisionId) // Other names are no keys.
      if (decision && archive.put(`decision ${name}`, decision)) decisions.delete(decision.id)
    }
  }

  books.remember({
    ...{ name: 'payout.store', form: 2, tables: { ...payouts.tables, decisions }, derive: payouts.derive },
    apply(fact) {
      const ours = readFact(fact)
      if (ours) take(ours)
    },
  })

  return {
    get: payouts.get,
    // A lookup by any text; only ids of decisions are keys, and only decisions are archived so.
    decision: (id) => decisions.get(id as DecisionId) ?? (archive.get(`decision ${id}`) as DecisionFact | undefined),
    byClaim: payouts.named,
    open: payouts.open,
    openCount: payouts.openCount,
    exceptions: payouts.exceptions,
    list: payouts.list,
    waitForEnd: ends.wait,
  }
}
