import { invariant } from '../../errors/invariant.ts'
import { createOrderedRecords, type PageOf } from '../../ledger/process/orderedRecords.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { type IntentFact, readIntentFact } from './facts.ts'
import type { Intent, IntentOffer, Surplus } from './intent.ts'
import { type AssetOf, createdIntent, readUnits } from './intentData.ts'

export type IntentRecords = ReturnType<typeof createIntentRecords>

/**
 * All intents as the journal's facts make them, named by the references that rails will name: also years later, when nobody expects a payment any
 * more. `endedKept`: see `createOrderedRecords`.
 */
export function createIntentRecords(books: Books, assetOf: AssetOf, options: { endedKept?: number } = {}) {
  const intents = createOrderedRecords<Intent>({ archive: books.archive('intent.view'), ...options })
  /** Two chains name a payment of the same split for the same intent alike, so the rail belongs to the name. */
  const nameOf = (rail: RailName, reference: string) => `${rail} ${reference}`

  const watchers = new Map<string, Set<(intent: Intent) => void>>()

  function put(intent: Intent): void {
    intents.put(intent, { open: intent.status === 'open', exceptional: intent.exception !== 'none' })
    for (const tell of watchers.get(intent.id) ?? []) tell(intent)
  }

  function apply(fact: Fact): void {
    const known = readIntentFact(fact)
    if (known?.type === 'intent.created') {
      const intent = createdIntent(known.id, known.at, known.data, assetOf)
      put(intent)
      for (const { rail, reference } of intent.offers) intents.name(nameOf(rail, reference), intent.id)
    } else if (known) {
      const intent = intents.get(known.id)
      invariant(intent, `a fact speaks of intent ${known.id} before intent.created`)
      put(intentAfter(intent, known, assetOf))
    }
  }

  books.remember({ name: 'intent.view', form: 4, tables: intents.tables, apply, derive: intents.derive })

  return {
    get: intents.get,
    /** The intent of this reference, and which of its offers it is. */
    byReference(rail: RailName, reference: string): { intent: Intent; offer: IntentOffer } | undefined {
      const intent = intents.named(nameOf(rail, reference))
      const offer = intent?.offers.find((o) => o.rail === rail && o.reference === reference)
      return intent && offer && { intent, offer }
    },
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
    due: (now: number): Intent[] => intents.open().filter((i) => i.expiresAt < now),
  }
}

/** The intent after one more fact about it. */
function intentAfter(intent: Intent, fact: Exclude<IntentFact, { type: 'intent.created' }>, assetOf: AssetOf): Intent {
  switch (fact.type) {
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
