import type { Asset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { CreatedData, OfferData, UnitsData } from './facts.ts'
import type { Intent, IntentOffer } from './intent.ts'

/** Reads an asset by its id from the table of assets in use. */
export type AssetOf = (id: string) => Asset

/** An amount as the facts of intents hold it. */
export function unitsData(amount: Money): UnitsData {
  return { asset: amount.asset.id, units: amount.units.toString() }
}

/** The data of `intent.created`. */
export function createdData(intent: Intent): CreatedData {
  return {
    amount: unitsData(intent.amount),
    credit: unitsData(intent.credit),
    payee: intent.payee,
    ...(Object.keys(intent.about).length > 0 ? { about: intent.about } : {}),
    ...(intent.origin === undefined ? {} : { origin: intent.origin }),
    ...(intent.createdBy === undefined ? {} : { createdBy: intent.createdBy }),
    metadata: intent.metadata,
    expiresAt: intent.expiresAt,
    offers: intent.offers.map(offerData),
    ...(intent.decision === undefined ? {} : { decision: intent.decision }),
  }
}

export function offerData({ wholeNano, ...offer }: IntentOffer): OfferData {
  const money = { amount: unitsData(offer.amount), fullPrice: unitsData(offer.fullPrice), railCost: unitsData(offer.railCost) }
  return { ...offer, ...money, ...(wholeNano === undefined ? {} : { wholeNano: `${wholeNano}` }) }
}

export function readOffer({ wholeNano, ...o }: OfferData, assetOf: AssetOf): IntentOffer {
  const money = (m: UnitsData): Money => readUnits(m, assetOf)
  const offer = { ...o, amount: money(o.amount), fullPrice: money(o.fullPrice), railCost: money(o.railCost) }
  return wholeNano === undefined ? offer : { ...offer, wholeNano: BigInt(wholeNano) }
}

/** The intent that a fact `intent.created` of time `at` makes. */
export function createdIntent(id: Intent['id'], at: number, d: CreatedData, assetOf: AssetOf): Intent {
  const money = (m: UnitsData): Money => readUnits(m, assetOf)
  return {
    id,
    amount: money(d.amount),
    credit: money(d.credit),
    payee: d.payee,
    about: d.about ?? {},
    ...(d.origin === undefined ? {} : { origin: d.origin }),
    ...(d.createdBy === undefined ? {} : { createdBy: d.createdBy }),
    metadata: d.metadata,
    createdAt: at,
    expiresAt: d.expiresAt,
    status: 'open',
    exception: 'none',
    offers: d.offers.map((offer) => readOffer(offer, assetOf)),
    earlier: [],
    requotes: 0,
    ...(d.decision === undefined ? {} : { decision: d.decision }),
    paid: undefined,
    surplus: [],
  }
}

export function readUnits(m: UnitsData, assetOf: AssetOf): Money {
  return { asset: assetOf(m.asset), units: BigInt(m.units) }
}
