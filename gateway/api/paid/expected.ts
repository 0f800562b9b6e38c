import { money } from '../../money/money.ts'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'
import type { Expected } from '../../payins/proof/verifiedProof.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import type { PaidFaces } from './paidFaces.ts'
import { type AskedRequest, boundTo, guardedOf, type PricedRoute } from './pricedRoute.ts'

/** What a proof for this request is checked against, at `now` in ms; `paid`: the request that it has paid for already. */
export async function expectedOf(
  faces: PaidFaces,
  route: PricedRoute,
  request: AskedRequest,
  { now, paid }: Readonly<{ now: number; paid?: PaidRequest | undefined }>,
): Promise<Expected> {
  const terms = await route.evm()
  return {
    realm: route.realm,
    route: boundTo(route, request),
    resourceUrl: `${route.publicUrl}${request.url}`,
    guarded: guardedOf(request),
    price: route.price,
    // Nor does a price that has changed since make a payer pay twice.
    offers: paid ? terms.map((offer) => asPaid(offer, paid)) : terms,
    now,
    keys: faces.payins.challengeKeys,
  }
}

/** The offer at the amount that this request has paid, where it was paid on the same rail. */
function asPaid(offer: OfferTerms, { rail, units }: PaidRequest): OfferTerms {
  return offer.rail === rail ? { ...offer, amount: money(offer.amount.asset, units) } : offer
}
