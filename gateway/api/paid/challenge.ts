import type { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import { buildChallenge, type Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { ChallengeOffer } from '../../payins/challenge/challengeOffer.ts'
import type { PassTerms } from '../../payins/challenge/passTerms.ts'
import { OFFER_LIFE_MS } from '../../payins/claim/replay.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { Json } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { depositOffer } from './depositOffer.ts'
import { invoicingFor, type LaterInvoice, spokenIn } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import { passOffer } from './passOffer.ts'
import { type AskedRequest, boundTo, type PricedRoute } from './pricedRoute.ts'
import { sessionOffers } from './sessionOffer.ts'

/** `lightning` where it could be paid by an invoice and has none. `settling`: which way costs least to settle, where a chain can be paid on. */
type Body = Challenge['body'] & Readonly<{ lightning?: LaterInvoice; settling?: ReturnType<typeof settlingOf> }>

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
  const sold = invoicing.kind === 'now' && !invoicing.named && faces.payins.passes.hasRoom(route.seller) ? passFor(route) : undefined
  const wanted = { price: sold?.price ?? route.price, asker: request.asker, expiresAt }
  const lightning = invoicing.kind === 'now' ? await invoiceFor(faces, route, wanted) : undefined
  const chains = (await route.chains()).map((offer) => ({ ...offer, expiresAt }))
  const offers = lightning ? [lightning, ...chains] : chains
  const resource = {
    method: request.method,
    url: `${route.publicUrl}${request.url}`,
    description: route.description,
    mimeType: 'application/json',
  }
  const { realm, price, listed } = route
  const accepts = spokenIn(request.headers)
  // An invoice can be paid until its own end, and then what it buys must still be had.
  const offeredUntil = max(expiresAt, lightning?.expiresAt ?? 0)
  const pass = lightning && sold && passOffer(route, request, offeredUntil)
  const bazaar = listed && { method: request.method, template: route.url, path: request.url.split('?')[0]!, example: listed.example }
  const challenge = buildChallenge({
    realm,
    resource,
    route: boundTo(route, request),
    price,
    upto: route.upto,
    offers,
    now,
    expiresAt: offeredUntil,
    keys: faces.payins.challengeKeys,
    bazaar,
    sessions: sessionOffers(faces, route, offers),
    deposit: await depositOffer(faces, route, request),
    ...(refusal ? { refusal, channelExtra: channelExtraOf(refusal) } : {}),
    ...(accepts ? { accepts } : {}),
    ...(pass ? { pass } : {}),
  })
  const settling = chains[0] && settlingOf(faces, route, { asker: request.asker, rail: chains[0].rail })
  const advised: Body = settling ? { ...challenge.body, settling } : challenge.body
  if (lightning || invoicing.kind === 'never') return { ...challenge, body: advised }
  const body: Body = { ...advised, lightning: invoicing.kind === 'now' ? invoicing.notHad() : invoicing.later }
  return { ...challenge, body }
}

/** What a payer needs to sign the next voucher of its channel. */
function channelExtraOf({ meta }: GatewayError): Readonly<Record<string, Json>> | undefined {
  const { channelState, voucherState } = meta as Readonly<Record<string, Json>> // Texts and numbers: `takeVoucher.ts` writes them.
  return channelState ? { channelState, ...(voucherState ? { voucherState } : {}) } : undefined
}

/** What a payer that comes again may rather use, and from which payment on. */
function settlingOf({ payins }: PaidFaces, { passDigest }: PricedRoute, o: Readonly<{ asker: string; rail: RailName }>) {
  const choice = payins.regimes?.of({ route: passDigest, ...o })
  if (!choice) return undefined
  const { order, because, opens, opensAfter, boundPpm } = choice
  const opened = opens === undefined ? {} : { opens, opens_after: opensAfter }
  return { order, because, ...opened, bound_ppm: Number(boundPpm) } // not money: a share
}

/** A budget that is less than this very request costs would be paid and serve nothing. */
function passFor({ pass, price }: PricedRoute): PassTerms | undefined {
  return pass?.kind === 'budget' && pass.price.units < price.units ? undefined : pass
}

/** An invoice that nobody else has; none where the node has none soon. */
async function invoiceFor(
  faces: PaidFaces,
  route: PricedRoute,
  { price, asker, expiresAt }: Readonly<{ price: Money; asker: string; expiresAt: number }>,
): Promise<ChallengeOffer | undefined> {
  const { digest, payee, description } = route
  const splitId = payee.split.splitId
  const wanted = { price, ref: refOf(digest), splitId, expiresAt, description, rails: ['lightning'], asker, fromPool: true } as const
  const [offer] = (await faces.payins.makeOffers(wanted)).offers
  return offer && { ...offer.terms, price: offer.value, costNano: offer.collecting.costNano }
}
