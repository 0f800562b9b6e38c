import type { IncomingHttpHeaders } from 'node:http'
import { isUnavailable } from '../../errors/gatewayError.ts'
import { agentIdOf } from '../../guard/agents/agents.ts'
import type { Money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { BazaarEntry } from '../../payins/challenge/bazaar.ts'
import type { Guarded } from '../../payins/challenge/caveats.ts'
import type { ChallengeOffer } from '../../payins/challenge/challengeOffer.ts'
import type { PassTerms } from '../../payins/challenge/passTerms.ts'
import { offerDigest, routeDigest } from '../../payins/challenge/requestDigest.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import { chainOffers } from './chainOffers.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { SessionTerms } from './sessionTerms.ts'

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
  /** Where it came from, where that is known. */
  address: string | undefined
  isMany: boolean
  /** This request and no other, also where it is asked about again. */
  use: string
}>

/** Whom a route is for: any agent that the operator knows, or these, by their addresses or as `key:` and a name. */
export type WantedAgents = 'required' | readonly string[]

/**
 * What a seller says of a route. `bound`: what names it among all sellers' routes, by default its URL. `priceOf`: a price is the whole route's, also when it
 * has changed since a challenge, or that of this very request. `bodyIsKnown`: also of a request that pays nothing yet. `pass`: what an invoice buys where that
 * is more than one request; `passBound` names the route as `bound` does, whatever the price is of. `seller`: who sells it, by default whom its money is for.
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
  /** The price is the most that is taken: the work says how much it is. */
  upto?: boolean
  listed?: Listed | undefined
  agents?: WantedAgents | undefined
  pass?: PassTerms | undefined
  passBound?: string
  session?: SessionTerms | undefined
  seller?: string | undefined
}>

/** What indexers are told of a route beside its path; nothing of it where this is absent. */
type Listed = Pick<BazaarEntry, 'example'>

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
  upto: boolean
  payee: Payee
  listed?: Listed | undefined
  agents?: WantedAgents | undefined
  pass: PassTerms | undefined
  session: SessionTerms | undefined
  /** What a pass, or a session, is bound to: the route and its method, and nothing of a request. */
  passDigest: string
  seller: string
  /** Among whose payments a payer's own names for them are told apart: a seller's elsewhere, or all of this gateway's own. */
  namesOf: string
  evm: () => Promise<readonly OfferTerms[]>
  /** What a 402 shows of them now. */
  chains: () => Promise<readonly ChallengeOffer[]>
}>

export async function priceRoute(faces: PaidFaces, terms: RouteTerms): Promise<PricedRoute> {
  const { url, publicUrl, price, priceOf = 'route', bodyIsKnown = true, upto = false, description, listed } = terms
  const agents = Array.isArray(terms.agents) ? terms.agents.map((agent) => agentIdOf(agent) ?? agent) : terms.agents
  const payee = await payeeOf(faces, terms.payee)
  const method = terms.method === 'HEAD' ? 'GET' : terms.method
  const digest = routeDigest(method, terms.bound ?? url)
  const passDigest = routeDigest(method, `pass ${terms.passBound ?? terms.bound ?? `${publicUrl}${url}`}`)
  const offered = { price, ref: refOf(digest), description, splitId: payee.split.splitId, ...(upto ? { upto: true as const } : {}) }
  const evm = chainTerms(faces, offered)
  const chains = chainOffers(faces, { ...offered, evm })
  const { hostname: realm } = new URL(publicUrl)
  return {
    digest,
    url,
    realm,
    publicUrl,
    description: description || url,
    price,
    priceOf,
    bodyIsKnown,
    upto,
    payee,
    pass: terms.pass,
    session: terms.session,
    passDigest,
    seller: terms.seller ?? (payee.kind === 'party' ? payee.party : payee.split.key),
    namesOf: terms.seller ?? 'own',
    listed,
    agents,
    evm,
    chains,
  }
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
function chainTerms(faces: PaidFaces, o: { price: Money; ref: Hex; description: string; splitId: Hex; upto?: true }) {
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
        const current = { ...terms, amount }
        now.push(faces.payins.x402Channels?.withDepositMin(current) ?? current)
      } catch (error) {
        if (!isUnavailable(error)) throw error
      }
    }
    return now
  }
}

/** The request as caveats see it. */
export function guardedOf({ method, url }: Pick<AskedRequest, 'method' | 'url'>): Guarded {
  return { method, path: url.split('?', 1)[0]! }
}
