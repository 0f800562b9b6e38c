import type { FastifyRequest } from 'fastify'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { unitsMaxOf } from '../../money/amountMax.ts'
import type { Money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payee } from '../../parties/party/splits.ts'
import { buildChallenge, type Challenge } from '../../payins/challenge/buildChallenge.ts'
import { requestDigest, routeDigest } from '../../payins/challenge/requestDigest.ts'
import type { Payment } from '../../payins/claim/admission.ts'
import type { Funding } from '../../payins/claim/claimEntry.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import { readProof } from '../../payins/proof/readProof.ts'
import { statedClaimKey } from '../../payins/proof/statedClaimKey.ts'
import { verifyProof } from '../../payins/proof/verifyProof.ts'
import type { Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import { bearerOf, callerId } from '../http/authenticate.ts'
import { keyOf } from '../http/idempotency.ts'
import { fundingFrom } from './funding.ts'
import type { PaidFaces } from './paidFaces.ts'

/** How long an unpaid 402 can be paid. */
const CHALLENGE_S = 300
/** How long a preimage waits for our own node's report of the same payment. */
const ARRIVAL_DEADLINE_MS = 5_000

/** One priced route: what it costs and whom the money is for. `evm` are the chains' terms, which need no new state per request. */
export type PricedRoute = Readonly<{
  digest: string
  url: string
  realm: string
  publicUrl: string
  description: string
  price: Money
  payee: Payee
  evm: () => Promise<readonly OfferTerms[]>
}>

/** Reads `config.price` of routes, once a route. */
export function routesOf(faces: PaidFaces, o: { publicUrl: () => string }) {
  const known = new Map<string, Promise<PricedRoute>>()

  async function load(request: FastifyRequest, url: string): Promise<PricedRoute> {
    const { price, split, payee: party, description = '' } = request.routeOptions.config
    invariant(price && (split === undefined) !== (party === undefined), `the route ${url} needs a price and exactly one of split and payee`)
    invariant(price.units <= unitsMaxOf(price.asset), `the price of the route ${url} is more than any real sum`)
    const payee: Payee = split ? { kind: 'split', split: faces.parties.splits.get(split) } : await partyPayee(faces, party!)
    const digest = routeDigest(request.method, url)
    const evm = chainTerms(faces, { price, ref: refOf(digest), description, splitId: payee.split.splitId })
    const publicUrl = o.publicUrl()
    return { digest, url, realm: new URL(publicUrl).host, publicUrl, description: description || url, price, payee, evm }
  }

  return {
    async of(request: FastifyRequest): Promise<PricedRoute | undefined> {
      if (!request.routeOptions.config.price) return undefined
      const url = request.routeOptions.url ?? request.url
      const key = `${request.method} ${url}`
      const standing = known.get(key)
      if (standing) return standing
      const loading = load(request, url)
      known.set(key, loading)
      loading.catch(() => known.delete(key))
      return loading
    },
  }
}

/** A chain's terms name the split's address and nothing of a request, so each is asked for once; one that cannot be had yet is asked for again. */
function chainTerms(faces: PaidFaces, o: { price: Money; ref: Hex; description: string; splitId: Hex }) {
  const { price, ...offer } = o
  const receivers = faces.payins.receivers.filter((r) => railKind(r.rail) === 'evm')
  const known = new Map<RailName, OfferTerms>()
  return async (): Promise<readonly OfferTerms[]> => {
    for (const chain of receivers) {
      if (known.has(chain.rail)) continue
      try {
        const amount = convert(price, faces.ground.rates.rate(faces.ground.usd, chain.asset), 'up')
        known.set(chain.rail, await chain.offer({ ...offer, amount, expiresAt: 0 }))
      } catch (error) {
        if (!isGatewayError(error, 'rail_unavailable')) throw error
      }
    }
    return [...known.values()]
  }
}

async function partyPayee(faces: PaidFaces, id: string): Promise<Payee> {
  const party = faces.parties.parties.get(id)
  return { kind: 'party', party: party.id, split: await faces.parties.splits.house(party.id) }
}

/** One 402 over all rails that answer in time. */
export async function challengeFor(
  faces: PaidFaces,
  route: PricedRoute,
  request: FastifyRequest,
  refusal?: GatewayError,
): Promise<Challenge> {
  const now = faces.ground.clock.now()
  const expiresAt = now + CHALLENGE_S * 1000
  const { offers: fresh } = await faces.payins.makeOffers({
    price: route.price,
    ref: refOf(`${route.digest}:${faces.ground.ids.offer()}`),
    splitId: route.payee.split.splitId,
    expiresAt,
    description: route.description,
    rails: ['lightning', 'evm'],
    asker: prefixesOf(request.ip).wide,
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
  const { realm, digest, price } = route
  return buildChallenge({
    realm,
    resource,
    route: digest,
    price,
    offers,
    now,
    expiresAt,
    keys: faces.payins.challengeKeys,
    ...(refusal ? { refusal } : {}),
  })
}

/** The payment that a request carries: an API key with an Idempotency-Key, or a proof; undefined when there is none. Verifies without asking anybody. */
export async function readPayment(faces: PaidFaces, route: PricedRoute, request: FastifyRequest): Promise<Payment | undefined> {
  const fingerprint = requestDigest(request.method, `${route.publicUrl}${request.url}`, bodyText(request))
  if (bearerOf(request)) {
    if (request.headers['payment-signature'] !== undefined)
      throw new GatewayError('proof_ambiguous', 'The request carries an API key and PAYMENT-SIGNATURE')
    return fromBalance(faces, route, request, fingerprint)
  }
  const proof = readProof(request.headers)
  if (!proof) return undefined
  const stated = statedClaimKey(proof)
  const standing = stated === undefined ? undefined : await faces.payins.findRequest(stated)
  // A proof that was accepted once is checked as of then, so that a repeat gets its answer also after the challenge has expired.
  const now = standing?.at ?? faces.ground.clock.now()
  const expected = {
    realm: route.realm,
    route: route.digest,
    resourceUrl: `${route.publicUrl}${request.url}`,
    price: route.price,
    offers: await route.evm(),
    now,
    keys: faces.payins.challengeKeys,
  }
  const verified = verifyProof(proof, expected)
  const credit = convert(verified.price, faces.ground.rates.rate(faces.ground.usd, faces.ground.bookAsset), 'up')
  const common = { claimKey: verified.claimKey, standing, fingerprint, price: verified.price, credit, proof: verified }
  invariant(stated === verified.claimKey, 'a proof that holds takes the claim that it states')
  if (verified.kind === 'authorization') {
    const { rail, authorization, amount: got } = verified
    return { ...common, payer: verified.payer.toLowerCase(), funding: async () => ({ rail, authorization, got }) }
  }
  const funding = async (): Promise<Funding | undefined> => {
    const arrived = await faces.payins.settlements.waitFor(verified.paymentHash, ARRIVAL_DEADLINE_MS)
    return arrived ? { rail: 'lightning', arrived, asked: verified.amount } : undefined
  }
  return { ...common, payer: 'lightning', funding }
}

async function fromBalance(faces: PaidFaces, route: PricedRoute, request: FastifyRequest, fingerprint: string): Promise<Payment> {
  const caller = faces.callers.authenticate(request)
  const party = callerId(caller)
  const credit = convert(route.price, faces.ground.rates.rate(faces.ground.usd, faces.ground.bookAsset), 'up')
  const funding = async (): Promise<Funding> => ({
    rail: 'book',
    party,
    got: fundingFrom({ books: faces.ledger.books, rates: faces.ground.rates }, party, credit),
  })
  const claimKey = `book:${party}:${keyOf(request)}`
  const standing = await faces.payins.findRequest(claimKey)
  return { claimKey, standing, fingerprint, payer: party, price: route.price, credit, proof: undefined, funding }
}

/** The request as a claim's fingerprint sees it: its body as parsed, so that blanks do not make another request. */
function bodyText(request: FastifyRequest): string {
  return request.body === undefined || request.body === null ? '' : JSON.stringify(request.body)
}
