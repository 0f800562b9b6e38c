import { invariant } from '../../errors/invariant.ts'
import { createDueIndex } from '../../ledger/process/dueIndex.ts'
import { createOrderedRecords, type PageOf } from '../../ledger/process/orderedRecords.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { type IntentFact, readIntentFact } from './facts.ts'
import { cheaperFirst, type Intent, type IntentOffer, type Surplus } from './intent.ts'
import { type AssetOf, createdIntent, readOffer, readUnits } from './intentData.ts'

export type IntentRecords = ReturnType<typeof createIntentRecords>

/**
 * All intents as the journal's facts make them, named by the references that rails will name: also years later, when nobody expects a payment any
 * more. `endedKept`: see `createOrderedRecords`.
 */
export function createIntentRecords(books: Books, assetOf: AssetOf, options: { endedKept?: number } = {}) {
  const intents = createOrderedRecords<Intent>({ archive: books.archive('intent.view'), ...options })
  /** Two chains name a payment of the same split for the same intent alike, so the rail belongs to the name. */
  const nameOf = (rail: RailName, reference: string) => `${rail} ${reference}`

  /** The open ones by when they expire. */
  const expiring = createDueIndex()

  const watchers = new Map<string, Set<(intent: Intent) => void>>()

  function put(intent: Intent): void {
    const isOpen = intent.status === 'open'
    intents.put(intent, { open: isOpen, exceptional: intent.exception !== 'none' })
    expiring.set(intent.id, isOpen ? intent.expiresAt : undefined)
    for (const tell of watchers.get(intent.id) ?? []) tell(intent)
  }

  function name({ id, offers }: Intent, known: readonly IntentOffer[] = []): void {
    const names = new Set(known.map(({ rail, reference }) => nameOf(rail, reference)))
    for (const { rail, reference } of offers) if (!names.has(nameOf(rail, reference))) intents.name(nameOf(rail, reference), id)
  }

  function apply(fact: Fact): void {
    const known = readIntentFact(fact)
    if (known?.type === 'intent.created') {
      const intent = createdIntent(known.id, known.at, known.data, assetOf)
      put(intent)
      name(intent)
      if (intent.decision) intents.name(intent.decision.id, intent.id)
    } else if (known) {
      const intent = intents.get(known.id)
      invariant(intent, `a fact speaks of intent ${known.id} before intent.created`)
      const after = intentAfter(intent, known, assetOf)
      put(after)
      if (known.type === 'intent.requoted') name(after, intent.offers)
    }
  }

  function derive(): void {
    intents.derive()
    for (const { id, expiresAt } of intents.open()) expiring.set(id, expiresAt)
  }

  books.remember({ name: 'intent.view', form: 7, tables: intents.tables, apply, derive })

  return {
    get: intents.get,
    /** The intent of this reference, and which of its offers it is. */
    byReference(rail: RailName, reference: string): { intent: Intent; offer: IntentOffer } | undefined {
      const intent = intents.named(nameOf(rail, reference))
      const offer = intent && [...intent.offers, ...intent.earlier].find((o) => o.rail === rail && o.reference === reference)
      return intent && offer && { intent, offer }
    },
    /** The intent whose offers were decided under this id. */
    byDecision: (id: string): Intent | undefined => (id.startsWith('dec_') ? intents.named(id) : undefined),
    /** Tells of each change of an intent from now on, when it is durable, until the answer is called. */
    watch(id: string, tell: (intent: Intent) => void): () => void {
      const others = watchers.get(id) ?? new Set()
      watchers.set(id, others.add(tell))
      return () => {
        others.delete(tell)
        if (others.size === 0 && watchers.get(id) === others) watchers.delete(id)
      }
    },
    list: (page: PageOf): Intent[] => intents.list(page),
    /** Open ones whose time is over, the longest first; at most `most`. */
    due: (now: number, most: number): Intent[] => expiring.due(now - 1, most).map((id) => intents.get(id)!),
  }
}

/** Of those that were replaced the newest, of all rails. */
const EARLIER_KEPT = 8

/** With these offers for those of their rails. What has ended in the meantime keeps what it had. */
function requoted(intent: Intent, fresh: readonly IntentOffer[]): Intent {
  if (intent.status !== 'open') return intent
  const rails = new Set(fresh.map(({ rail }) => rail))
  const replaced = intent.offers.filter(({ rail }) => rails.has(rail))
  const offers = [...intent.offers.filter(({ rail }) => !rails.has(rail)), ...fresh].sort(cheaperFirst)
  return { ...intent, offers, earlier: [...replaced, ...intent.earlier].slice(0, EARLIER_KEPT), requotes: intent.requotes + 1 }
}

/** The intent after one more fact about it. */
function intentAfter(intent: Intent, fact: Exclude<IntentFact, { type: 'intent.created' }>, assetOf: AssetOf): Intent {
  switch (fact.type) {
    case 'intent.requoted':
      return requoted(
        intent,
        fact.data.offers.map((offer) => readOffer(offer, assetOf)),
      )
    case 'intent.canceled':
      return { ...intent, status: 'canceled' }
    case 'intent.expired':
      return { ...intent, status: 'expired' }
    case 'intent.settled': {
      const { rail, settlementId, amount, receipt, credited } = fact.data
      const got = credited ? readUnits(credited, assetOf) : intent.credit
      const paid = { rail, settlementId, amount: readUnits(amount, assetOf), credited: got, at: fact.at, receipt }
      return { ...intent, status: 'settled', paid }
    }
    case 'intent.surplus': {
      const { rail, settlementId, amount, reason } = fact.data
      const surplus: Surplus = { rail, settlementId, amount: readUnits(amount, assetOf), reason }
      return { ...intent, exception: reason, surplus: [...intent.surplus, surplus] }
    }
  }
}
