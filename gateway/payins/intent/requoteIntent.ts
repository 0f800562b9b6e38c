import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Splits } from '../../parties/party/splits.ts'
import { type CreateParts, toOffer } from './createIntent.ts'
import { toIntentFact } from './facts.ts'
import type { Intent, PayeeRef } from './intent.ts'
import { offerData } from './intentData.ts'
import { refOf } from './refOf.ts'

/**
 * New offers that one intent gets in its life, so that looking at it again and again fills no journal: more than three months of days, or three days of
 * quarters of an hour.
 */
const REQUOTES_MAX = 300

export type RequoteParts = CreateParts & Readonly<{ splits: Pick<Splits, 'get' | 'house'> }>

/** Whether an open intent has offers that have ended before it has. */
export function isStale({ status, expiresAt, offers, requotes }: Intent, now: number): boolean {
  return status === 'open' && now < expiresAt && requotes < REQUOTES_MAX && offers.some((offer) => offer.expiresAt <= now)
}

/** Offers at today's rates for the rails whose offers have ended. Nothing is written where no rail makes one. */
export async function requoteIntent(o: RequoteParts, intent: Intent): Promise<void> {
  const now = o.clock.now()
  const rails = [...new Set(intent.offers.filter((offer) => offer.expiresAt <= now).map(({ rail }) => rail))]
  const { offers } = await o.makeOffers({
    price: intent.amount,
    ref: refOf(intent.id),
    splitId: await splitIdOf(o, intent.payee),
    expiresAt: intent.expiresAt,
    description: intent.about.description ?? '',
    rails,
  })
  if (offers.length === 0) return
  const data = { offers: offers.map((one) => offerData(toOffer(o, one))) }
  await submitUntilKnown(o.books, { facts: [toIntentFact({ type: 'intent.requoted', id: intent.id, at: now, data })] })
}

async function splitIdOf({ splits }: Pick<RequoteParts, 'splits'>, payee: PayeeRef) {
  return (payee.kind === 'split' ? splits.get(payee.id) : await splits.house(payee.id)).splitId
}
