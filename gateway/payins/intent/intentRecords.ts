import { invariant } from '../../errors/invariant.ts'
import { createOrderedRecords, type PageOf } from '../../ledger/process/orderedRecords.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Fact, Json } from '../../ports/books.ts'
import type { IntentId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Intent, IntentException, IntentOffer, PayeeRef, Surplus } from './intent.ts'

/** Reads an asset by its id from the table of assets in use. */
export type AssetOf = (id: string) => Asset

type MoneyData = { asset: string; units: string }
type CreatedData = {
  amount: MoneyData
  credit: MoneyData
  payee: PayeeRef
  metadata: Record<string, string>
  expiresAt: number
  offers: readonly (Omit<IntentOffer, 'amount' | 'fullPrice' | 'railCost'> & {
    amount: MoneyData
    fullPrice: MoneyData
    railCost: MoneyData
  })[]
}

export type IntentRecords = ReturnType<typeof createIntentRecords>

const toData = (m: { asset: Asset; units: bigint }): MoneyData => ({ asset: m.asset.id, units: m.units.toString() })

/** The data of `intent.created`. */
export function createdData(intent: Intent): Fact['data'] {
  const offers = intent.offers.map((o) => ({
    ...o,
    amount: toData(o.amount),
    fullPrice: toData(o.fullPrice),
    railCost: toData(o.railCost),
  }))
  const data = {
    amount: toData(intent.amount),
    credit: toData(intent.credit),
    payee: intent.payee,
    metadata: intent.metadata,
    expiresAt: intent.expiresAt,
    offers,
  }
  return data as unknown as { readonly [key: string]: Json }
}

/**
 * All intents as the journal's facts make them, named by the references that rails will name: also years later, when nobody expects a payment any
 * more. `endedKept`: see `createOrderedRecords`.
 */
export function createIntentRecords(books: Books, assetOf: AssetOf, options: { endedKept?: number } = {}) {
  const intents = createOrderedRecords<Intent>({ archive: books.archive('intent.view'), ...options })
  /** Two chains name a payment of the same split for the same intent alike, so the rail belongs to the name. */
  const nameOf = (rail: RailName, reference: string) => `${rail} ${reference}`
  const money = (m: MoneyData) => ({ asset: assetOf(m.asset), units: BigInt(m.units) })

  function change(id: string, next: (intent: Intent) => Intent): void {
    const intent = intents.get(id)
    invariant(intent, `a fact speaks of intent ${id} before intent.created`)
    put(next(intent))
  }

  function put(intent: Intent): void {
    intents.put(intent, { open: intent.status === 'open', exceptional: intent.exception !== 'none' })
  }

  function created(fact: Fact): void {
    const d = fact.data as unknown as CreatedData
    const offers = d.offers.map((o) => ({ ...o, amount: money(o.amount), fullPrice: money(o.fullPrice), railCost: money(o.railCost) }))
    const id = fact.id as IntentId
    const intent: Intent = {
      ...{
        id,
        amount: money(d.amount),
        credit: money(d.credit),
        payee: d.payee,
        metadata: d.metadata,
        createdAt: fact.at,
        expiresAt: d.expiresAt,
      },
      ...{ status: 'open', exception: 'none', offers, paid: undefined, surplus: [] },
    }
    put(intent)
    for (const { rail, reference } of offers) intents.name(nameOf(rail, reference), id)
  }

  books.remember({ name: 'intent.view', form: 2, tables: intents.tables, apply, derive: intents.derive })

  function apply(fact: Fact): void {
    if (!fact.type.startsWith('intent.')) return
    const d = fact.data as unknown as {
      rail: RailName
      settlementId: string
      amount: MoneyData
      receipt: string
      reason: Exclude<IntentException, 'none'>
    }
    if (fact.type === 'intent.created') created(fact)
    else if (fact.type === 'intent.settled') {
      const paid = { rail: d.rail, settlementId: d.settlementId, amount: money(d.amount), at: fact.at, receipt: d.receipt }
      change(fact.id, (i) => ({ ...i, status: 'settled', paid }))
    } else if (fact.type === 'intent.canceled') change(fact.id, (i) => ({ ...i, status: 'canceled' }))
    else if (fact.type === 'intent.expired') change(fact.id, (i) => ({ ...i, status: 'expired' }))
    else if (fact.type === 'intent.surplus') {
      const surplus: Surplus = { rail: d.rail, settlementId: d.settlementId, amount: money(d.amount), reason: d.reason }
      change(fact.id, (i) => ({ ...i, exception: d.reason, surplus: [...i.surplus, surplus] }))
    }
  }

  return {
    get: intents.get,
    /** The intent of this reference, and which of its offers it is. */
    byReference(rail: RailName, reference: string): { intent: Intent; offer: IntentOffer } | undefined {
      const intent = intents.named(nameOf(rail, reference))
      const offer = intent?.offers.find((o) => o.rail === rail && o.reference === reference)
      return intent && offer && { intent, offer }
    },
    list: (page: PageOf): Intent[] => intents.list(page),
    due: (now: number): Intent[] => intents.open().filter((i) => i.expiresAt < now),
  }
}
