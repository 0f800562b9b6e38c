import { type PayoutFact, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import type { Books } from '../ports/books.ts'
import { closesDays, type RailName } from '../ports/railName.ts'
import { readReconciliationFact } from './facts.ts'

/** A payment that the ledger has as gone, and that its rail has not been asked about again. Fee in units as a decimal string; `at` in ms. */
export type SentPayment = Readonly<{
  id: string
  rail: RailName
  evidence: string
  asset: string
  fee: string
  at: number
  missing?: string
}>

/** So long a rail is asked about a payment; what is missing by then is a person's. */
const KEPT_MS = 2 * 24 * 3_600_000
/** By what rails know payments that are gone, the newest. */
const EVIDENCE_MAX = 10_000

export type SentPayments = ReturnType<typeof createSentPayments>

/** Payments out by rails that close no days, until the rail has confirmed them. Make it before the books start. */
export function createSentPayments(books: Pick<Books, 'remember'>) {
  const sent = new Map<string, SentPayment>()
  const evidence = new Map<string, string>()

  function applyPayout(fact: PayoutFact): void {
    if (fact.type !== 'attempt.settled') return
    const { rail, id } = fact.data.evidence
    if (rail === 'book' || closesDays(rail)) return
    const { asset, units } = fact.data.fee
    sent.set(fact.id, { id: fact.id, rail, evidence: id, asset: asset.id, fee: units, at: fact.at })
    evidence.delete(id)
    evidence.set(id, fact.id)
    const oldest = evidence.size > EVIDENCE_MAX ? evidence.keys().next().value : undefined
    if (oldest !== undefined) evidence.delete(oldest)
    for (const [old, { at }] of sent) {
      if (at >= fact.at - KEPT_MS) break
      sent.delete(old)
    }
  }

  books.remember({
    name: 'reconciliation.sent',
    form: 1,
    tables: { sent, evidence },
    apply(fact) {
      const paid = readPayoutFact(fact)
      if (paid) applyPayout(paid)
      const own = readReconciliationFact(fact)
      if (own?.type === 'reconciliation.matched') for (const id of own.data.expectations) sent.delete(id)
      if (own?.type !== 'reconciliation.break_opened') return
      for (const id of own.data.expectations) {
        const row = sent.get(id)
        if (row && own.data.kind === 'missing') sent.set(id, { ...row, missing: own.id })
        else sent.delete(id)
      }
    },
  })

  return {
    /** Those that are gone since this time (ms) or longer, the oldest first. */
    *before(at: number): Generator<SentPayment> {
      for (const row of sent.values()) if (row.at <= at) yield row
    },
    get: (id: string): SentPayment | undefined => sent.get(id),
    /** True of what a rail knows a payment of ours by. */
    isOurs: (name: string): boolean => evidence.has(name),
  }
}
