import type { GatewayError } from '../../errors/gatewayError.ts'
import { buildChallenge, type Challenge } from '../../payins/challenge/buildChallenge.ts'
import { OFFER_LIFE_MS } from '../../payins/claim/replay.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { PaidFaces } from './paidFaces.ts'
import { type AskedRequest, boundTo, type PricedRoute } from './pricedRoute.ts'

/** One 402 over all rails that answer in time. */
export async function challengeFor(
  faces: PaidFaces,
  route: PricedRoute,
  request: AskedRequest,
  refusal?: GatewayError,
): Promise<Challenge> {
  const now = faces.ground.clock.now()
  const expiresAt = now + OFFER_LIFE_MS
  const { offers: fresh } = await faces.payins.makeOffers({
    price: route.price,
    ref: refOf(`${route.digest}:${faces.ground.ids.offer()}`),
    splitId: route.payee.split.splitId,
    expiresAt,
    description: route.description,
    rails: ['lightning', 'evm'],
    asker: request.asker,
  })
  const kept = await route.evm()
  // In the order of the fresh offers: the cheapest chain first, and none that does not answer now. The terms are those that proofs are checked with.
  const offers = fresh.flatMap(({ terms, value: price }) => {
    if (terms.wire.kind !== 'evm') return [{ ...terms, price }]
    return kept.filter((k) => k.rail === terms.rail).map((k) => ({ ...k, price, expiresAt }))
  })
  const resource = {
    method: request.method,
    url: `${route.publicUrl}${request.url}`,
    description: route.description,
    mimeType: 'application/json',
  }
  const { realm, price } = route
  return buildChallenge({
    realm,
    resource,
    route: boundTo(route, request),
    price,
    offers,
    now,
    expiresAt,
    keys: faces.payins.challengeKeys,
    ...(refusal ? { refusal } : {}),
  })
}
