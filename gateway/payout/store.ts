import type { Books } from '../ports/books.ts'
import type { DecisionId, PayoutId } from '../ports/ids.ts'
import { createEnds, type WaitLimits } from './ends.ts'
import { evolve } from './evolve.ts'
import { type PayoutFact, payoutOf, readFact } from './facts.ts'
import type { Payout } from './payout.ts'

export type DecisionFact = PayoutFact & { type: 'decision.made' }

/** All payouts as the journal's facts make them: at start from what stands, then live, before a submission resolves. */
export type PayoutStore = Readonly<{
  get(id: string): Payout | undefined
  decision(id: string): DecisionFact | undefined
  /** The payout that took this claim when it was created. */
  byClaim(key: string): Payout | undefined
  /** Oldest first. */
  open(): Payout[]
  openCount(): number
  exceptions(): Payout[]
  /** Newest first, after the id `after` when given. */
  list(o: { limit: number; after: string | undefined }): Payout[]
  /** Resolves when a payout that is open has its end, or at the limits. */
  waitForEnd(id: PayoutId, limits: WaitLimits): Promise<void>
}>

/** Listens to the books; make it before they start. */
export function createPayoutStore(books: Books): PayoutStore {
  const byId = new Map<string, Payout>()
  const order: PayoutId[] = []
  const places = new Map<string, number>()
  const claims = new Map<string, PayoutId>()
  const decisions = new Map<DecisionId, DecisionFact>()
  const open = new Set<PayoutId>()
  const exceptional = new Set<PayoutId>()
  const ends = createEnds()

  function take(fact: PayoutFact): void {
    const id = payoutOf(fact)
    const payout = evolve(byId.get(id), fact)
    byId.set(id, payout)
    if (fact.type === 'payout.created') {
      places.set(id, order.length)
      order.push(id)
      open.add(id)
      for (const key of fact.data.claims) claims.set(key, id)
    } else if (fact.type === 'decision.made') decisions.set(fact.id, fact)
    if (payout.status === 'open') return
    open.delete(id)
    if (payout.exceptions.length > 0) exceptional.add(id)
    ends.tell(id)
  }

  books.remember({
    ...{ name: 'payout.store', form: 1, tables: { byId, claims, decisions, open, exceptional } },
    hear(fact) {
      const ours = readFact(fact)
      if (ours) take(ours)
    },
    derive() {
      places.clear()
      order.length = 0
      for (const { id } of byId.values()) places.set(id, order.push(id) - 1)
    },
  })

  return {
    get: (id) => byId.get(id),
    // A lookup by any text; only ids of decisions are keys.
    decision: (id) => decisions.get(id as DecisionId),
    byClaim: (key) => byId.get(claims.get(key) ?? ''),
    open: () => [...open].map((id) => byId.get(id)!),
    openCount: () => open.size,
    exceptions: () => [...exceptional].map((id) => byId.get(id)!),
    list({ limit, after }) {
      const end = after === undefined ? order.length : (places.get(after) ?? 0)
      const from = end > limit ? end - limit : 0
      return order
        .slice(from, end)
        .reverse()
        .map((id) => byId.get(id)!)
    },
    waitForEnd: ends.wait,
  }
}
