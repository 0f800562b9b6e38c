import type { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import { buildChallenge, type Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { ChallengeOffer } from '../../payins/challenge/challengeOffer.ts'
import { OFFER_LIFE_MS } from '../../payins/claim/replay.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import { invoicingFor, type LaterInvoice } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import { type AskedRequest, boundTo, type PricedRoute } from './pricedRoute.ts'

/** `lightning` where it could be paid by an invoice and has none. */
type Body = Challenge['body'] & Readonly<{ lightning: LaterInvoice }>

/** One 402 over all rails that answer in time; it waits for a Lightning node only while that is about to answer. */
export async function challengeFor(
  faces: PaidFaces,
  route: PricedRoute,
  request: AskedRequest,
  refusal?: GatewayError,
): Promise<Challenge> {
  const now = faces.ground.clock.now()
  const expiresAt = now + OFFER_LIFE_MS
  const invoicing = invoicingFor(faces, route, request)
  const lightning = invoicing.kind === 'now' ? await invoiceFor(faces, route, { asker: request.asker, expiresAt }) : undefined
  const chains = (await route.chains()).map((offer) => ({ ...offer, expiresAt }))
  const offers = lightning ? [lightning, ...chains] : chains
  const resource = {
    method: request.method,
    url: `${route.publicUrl}${request.url}`,
    description: route.description,
    mimeType: 'application/json',
  }
  const { realm, price } = route
  const challenge = buildChallenge({
    realm,
    resource,
    route: boundTo(route, request),
    price,
    offers,
    now,
    // An invoice can be paid until its own end, and then what it buys must still be had.
    expiresAt: max(expiresAt, lightning?.expiresAt ?? 0),
    keys: faces.payins.challengeKeys,
    ...(refusal ? { refusal } : {}),
  })
  if (lightning || invoicing.kind === 'never') return challenge
  const body: Body = { ...challenge.body, lightning: invoicing.kind === 'now' ? invoicing.notHad() : invoicing.later }
  return { status: challenge.status, headers: challenge.headers, body }
}

/** An invoice that nobody else has; none where the node has none soon. */
async function invoiceFor(
  faces: PaidFaces,
  route: PricedRoute,
  { asker, expiresAt }: Readonly<{ asker: string; expiresAt: number }>,
): Promise<ChallengeOffer | undefined> {
  const { digest, price, payee, description } = route
  const splitId = payee.split.splitId
  const wanted = { price, ref: refOf(digest), splitId, expiresAt, description, rails: ['lightning'], asker, fromPool: true } as const
  const [offer] = (await faces.payins.makeOffers(wanted)).offers
  return offer && { ...offer.terms, price: offer.value }
}
