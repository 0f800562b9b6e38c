import type { UnitsData } from '../payins/intent/facts.ts'
import { readIntentFact } from '../payins/intent/facts.ts'
import type { IntentAbout, PayeeRef } from '../payins/intent/intent.ts'
import type { Fact } from '../ports/books.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { IntentId, LinkId } from '../ports/ids.ts'

/** One of `amount`, and `least` with `most`. */
export type LinkData = Readonly<{
  payee: PayeeRef
  amount?: UnitsData
  least?: UnitsData
  most?: UnitsData
  about: IntentAbout
  metadata: Readonly<Record<string, string>>
  payWithinS: number
  usesMax?: number
  expiresAt?: number
  by: string
}>

/** Every fact that this room writes. What becomes of a link's intents is the intents' to say. */
export type LinkFact =
  | FactOf<'payment_link.created', LinkId, LinkData>
  | FactOf<'payment_link.activated', LinkId, Readonly<{ by: string }>>
  | FactOf<'payment_link.deactivated', LinkId, Readonly<{ by: string }>>

const kinds = factKinds<LinkFact>({
  'payment_link.created': true,
  'payment_link.activated': true,
  'payment_link.deactivated': true,
})

export const toLinkFact = kinds.write
export const readLinkFact = kinds.read

/** What a link learns of an intent: that one was made by the link `origin`, was paid, or ended without. */
export type IntentNews = Readonly<{ type: 'made'; intent: IntentId; origin: string } | { type: 'paid' | 'ended'; intent: IntentId }>

export function readIntentNews(fact: Fact): IntentNews | undefined {
  const known = readIntentFact(fact)
  switch (known?.type) {
    case 'intent.created': {
      const { origin } = known.data
      return origin?.startsWith('pl_') ? { type: 'made', intent: known.id, origin } : undefined
    }
    case 'intent.settled':
      return { type: 'paid', intent: known.id }
    case 'intent.expired':
    case 'intent.canceled':
      return { type: 'ended', intent: known.id }
    default:
      return undefined
  }
}
