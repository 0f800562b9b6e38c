import { invariant } from '../errors/invariant.ts'
import type { Asset } from '../money/asset.ts'
import type { Books, Fact, Json } from '../ports/books.ts'
import type { IntentId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'
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

export type IntentView = ReturnType<typeof createIntentView>

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

/** All intents as the journal's facts make them, with an index by the reference that a rail will name. */
export function createIntentView(books: Books, assetOf: AssetOf) {
  const byId = new Map<string, Intent>()
  /** Two chains name a payment of the same split for the same intent alike, so the rail belongs to the key. */
  const byReference = new Map<string, { intent: IntentId; offer: IntentOffer }>()
  const referenceKey = (rail: RailName, reference: string) => `${rail} ${reference}`
  const open = new Set<IntentId>()
  const money = (m: MoneyData) => ({ asset: assetOf(m.asset), units: BigInt(m.units) })

  function change(id: string, next: (intent: Intent) => Intent): void {
    const intent = byId.get(id)
    invariant(intent, `a fact speaks of intent ${id} before intent.created`)
    const changed = next(intent)
    byId.set(id, changed)
    if (changed.status !== 'open') open.delete(changed.id)
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
    byId.set(id, intent)
    index(intent)
  }

  function index({ id, status, offers }: Intent): void {
    if (status === 'open') open.add(id)
    for (const offer of offers) byReference.set(referenceKey(offer.rail, offer.reference), { intent: id, offer })
  }

  function derive(): void {
    open.clear()
    byReference.clear()
    for (const intent of byId.values()) index(intent)
  }

  books.remember({ name: 'intent.view', form: 1, tables: { byId }, hear, derive })

  function hear(fact: Fact): void {
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
    get: (id: string): Intent | undefined => byId.get(id),
    byReference: (rail: RailName, reference: string) => byReference.get(referenceKey(rail, reference)),
    /** Newest first, after the id `after` when given. Ids sort by time. */
    list(o: { limit: number; after: string | undefined }): Intent[] {
      const ids = [...byId.keys()].reverse()
      const from = o.after ? ids.indexOf(o.after) + 1 : 0
      return ids.slice(from, from + o.limit).map((id) => byId.get(id)!)
    },
    due: (now: number): Intent[] => [...open].map((id) => byId.get(id)!).filter((i) => i.expiresAt < now),
  }
}
