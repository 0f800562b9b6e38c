import { GatewayError } from '../errors/gatewayError.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Books } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import type { PartyId } from '../ports/ids.ts'
import { type ListingData, readListingFact, toListingFact } from './facts.ts'

/** What a seller sells elsewhere and has settled here. */
export type Listing = ListingData & Readonly<{ seller: PartyId; updatedAt: number }>

/** `payTo` in any case. What is left out fits all. */
type ListingFilter = Readonly<{ network?: string | undefined; scheme?: string | undefined; payTo?: string | undefined }>

/** Each seller has its part, so that none fills the list of all. */
const OF_SELLER_MAX = 100
const LISTED_MAX = 10_000

export type Listings = ReturnType<typeof createListings>

/** What sellers list under their own keys: a payer, who could write anything into a payment, lists nothing. Make it before the books start. */
export function createListings({ books, clock }: Readonly<{ books: Books; clock: Clock }>) {
  const byKey = new Map<string, Listing>()
  /** Of a seller one after the other, so that many at once count each other and keep no other seller waiting. */
  const inTurn = createInTurn()
  const keyOf = (seller: PartyId, resource: string) => `${seller} ${resource}`
  const ofSeller = (seller: PartyId) => [...byKey.values()].filter((listing) => listing.seller === seller)

  books.remember({
    name: 'facilitator.listings',
    form: 1,
    tables: { byKey },
    apply(fact) {
      const known = readListingFact(fact)
      if (!known) return
      const key = keyOf(known.id, known.data.resource)
      if (known.type === 'listing.withdrawn') byKey.delete(key)
      else byKey.set(key, { ...known.data, seller: known.id, updatedAt: known.at })
    },
  })

  async function publish(seller: PartyId, data: ListingData): Promise<Listing> {
    const key = keyOf(seller, data.resource)
    if (!byKey.has(key) && (byKey.size >= LISTED_MAX || ofSeller(seller).length >= OF_SELLER_MAX)) {
      throw new GatewayError('facilitator_quota', `A seller lists ${OF_SELLER_MAX} resources at most, and all of them ${LISTED_MAX}`, {
        hint: 'Nothing was listed. Withdraw one first: DELETE /x402/listings?resource=...',
      })
    }
    const at = clock.now()
    await submitUntilKnown(books, { facts: [toListingFact({ type: 'listing.published', id: seller, at, data })] })
    return { ...data, seller, updatedAt: at }
  }

  return {
    /** Lists a resource, or says anew what it costs. Refuses with `facilitator_quota`. */
    publish: (seller: PartyId, data: ListingData): Promise<Listing> => inTurn(seller, () => publish(seller, data)),
    /** Takes it off the list. Refuses with `not_found`. */
    async withdraw(seller: PartyId, resource: string): Promise<void> {
      if (!byKey.has(keyOf(seller, resource))) throw new GatewayError('not_found', 'There is nothing of yours listed under this resource')
      await submitUntilKnown(books, {
        facts: [toListingFact({ type: 'listing.withdrawn', id: seller, at: clock.now(), data: { resource } })],
      })
    },
    /** So many of those that fit, in the order in which they were first listed, and how many fit in all. */
    page(
      filter: ListingFilter,
      { limit, offset }: Readonly<{ limit: number; offset: number }>,
    ): Readonly<{ items: readonly Listing[]; total: number }> {
      const fitting = [...byKey.values()].filter(({ accepts }) => accepts.some((terms) => fits(terms, filter)))
      return { items: fitting.slice(offset, offset + limit), total: fitting.length }
    },
  }
}

function fits(terms: Listing['accepts'][number], { network, scheme, payTo }: ListingFilter): boolean {
  if (network !== undefined && terms.network !== network) return false
  if (scheme !== undefined && terms.scheme !== scheme) return false
  return payTo === undefined || terms.payTo === payTo.toLowerCase()
}
