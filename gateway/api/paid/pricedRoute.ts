import type { IncomingHttpHeaders } from 'node:http'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { ChallengeOffer } from '../../payins/challenge/challengeOffer.ts'
import { offerDigest, routeDigest } from '../../payins/challenge/requestDigest.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import { chainOffers } from './chainOffers.ts'
import type { PaidFaces } from './paidFaces.ts'

/**
 * One request for something priced. `url`: its path and query as they were sent. `body`: what of it makes another request. `asker`: for whom its offers
 * count, where anybody may ask; `isMany` where this is a seller that does not say who asks it.
 */
export type AskedRequest = Readonly<{
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
  asker: string
  isMany: boolean
}>

/**
 * What a seller says of a route. `bound`: what names it among all sellers' routes, by default its URL. `priceOf`: a price is the whole route's, also when it
 * has changed since a challenge, or that of this very request. `bodyIsKnown`: also of a request that pays nothing yet.
 */
type RouteTerms = Readonly<{
  method: string
  url: string
  publicUrl: string
  description: string
  price: Money
  payee: PayeeNames
  bound?: string
  priceOf?: 'route' | 'request'
  bodyIsKnown?: boolean
}>

/** Whom a price is for: a party by its id, or a split by its key. */
export type PayeeNames = Readonly<{ split: string; party?: never }> | Readonly<{ party: string; split?: never }>

/** One priced route: what it costs and whom the money is for. `evm` are the chains' terms, which need no new state per request. */
export type PricedRoute = Readonly<{
  digest: string
  url: string
  realm: string
  publicUrl: string
  description: string
  price: Money
  priceOf: 'route' | 'request'
  bodyIsKnown: boolean
  payee: Payee
  evm: () => Promise<readonly OfferTerms[]>
  /** What a 402 shows of them now. */
  chains: () => Promise<readonly ChallengeOffer[]>
}>

export async function priceRoute(faces: PaidFaces, terms: RouteTerms): Promise<PricedRoute> {
  const { url, publicUrl, price, priceOf = 'route', bodyIsKnown = true, description } = terms
  const payee = await payeeOf(faces, terms.payee)
  const digest = routeDigest(terms.method === 'HEAD' ? 'GET' : terms.method, terms.bound ?? url)
  const offered = { price, ref: refOf(digest), description, splitId: payee.split.splitId }
  const evm = chainTerms(faces, offered)
  const chains = chainOffers(faces, { ...offered, evm })
  const { host: realm } = new URL(publicUrl)
  return { digest, url, realm, publicUrl, description: description || url, price, priceOf, bodyIsKnown, payee, evm, chains }
}

/** What an offer for this request is bound to: its method, its URL, and its body where that is known before it is paid for. */
export function boundTo({ digest, publicUrl, bodyIsKnown }: PricedRoute, { method, url, body }: AskedRequest): string {
  return offerDigest(digest, { method, url: `${publicUrl}${url}`, body: bodyIsKnown ? body : '' })
}

async function payeeOf({ parties: { parties, splits } }: PaidFaces, names: PayeeNames): Promise<Payee> {
  if (names.split !== undefined) return { kind: 'split', split: splits.get(names.split) }
  const party = parties.get(names.party)
  return { kind: 'party', party: party.id, split: await splits.house(party.id) }
}

/**
 * A chain's terms name the split's address and nothing of a request, so each is asked for once; one that cannot be had yet is asked for again. The amount is
 * that of this moment's rate.
 */
function chainTerms(faces: PaidFaces, o: { price: Money; ref: Hex; description: string; splitId: Hex }) {
  const { price, ...offer } = o
  const receivers = faces.payins.receivers.filter((r) => railKind(r.rail) === 'evm')
  const known = new Map<RailName, OfferTerms>()
  return async (): Promise<readonly OfferTerms[]> => {
    const now: OfferTerms[] = []
    for (const chain of receivers) {
      try {
        const amount = convert(price, faces.ground.rates.rate(faces.ground.usd, chain.asset), 'up')
        const terms = known.get(chain.rail) ?? (await chain.offer({ ...offer, amount, expiresAt: 0 }))
        known.set(chain.rail, terms)
        now.push({ ...terms, amount })
      } catch (error) {
        if (!isGatewayError(error, 'rail_unavailable')) throw error
      }
    }
    return now
  }
}
