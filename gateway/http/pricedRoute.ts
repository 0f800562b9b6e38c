import type { FastifyRequest } from 'fastify'
import { buildChallenge, type Challenge } from '../challenge/buildChallenge.ts'
import type { Proof } from '../challenge/proof.ts'
import { readProof } from '../challenge/readProof.ts'
import { requestDigest, routeDigest } from '../challenge/requestDigest.ts'
import { evmClaimKey, type VerifiedProof } from '../challenge/verifiedProof.ts'
import { verifyProof } from '../challenge/verifyProof.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { refOf } from '../intent/intents.ts'
import { type Money, money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import type { Payee } from '../party/splits.ts'
import type { OfferTerms } from '../ports/receiver.ts'
import type { Funding } from '../settlement/paidRequests.ts'
import { bearerOf, callerId } from './authenticate.ts'
import type { PaidRouteGateway } from './context.ts'
import { fundingFrom } from './funding.ts'
import { keyOf } from './idempotency.ts'

/** How long an unpaid 402 can be paid. */
const CHALLENGE_S = 300
/** How long a preimage waits for our own node's report of the same payment. */
const ARRIVAL_DEADLINE_MS = 5_000

/** One priced route: what it costs and whom the money is for. `evm` are the terms that need no new state per request. */
export type PricedRoute = Readonly<{
  digest: string
  url: string
  realm: string
  publicUrl: string
  description: string
  price: Money
  payee: Payee
  evm: readonly OfferTerms[]
}>

/** A payment that a request carries, ready to be claimed. `funding` is asked only when the claim is new. */
export type Payment = Readonly<{
  claimKey: string
  fingerprint: string
  payer: string
  price: Money
  credit: Money
  proof: VerifiedProof | undefined
  funding: () => Promise<Funding | undefined>
}>

/** Reads `config.price` of routes, once a route. */
export function routesOf(g: PaidRouteGateway, o: { publicUrl: () => string }) {
  const known = new Map<string, Promise<PricedRoute>>()

  async function load(request: FastifyRequest, url: string): Promise<PricedRoute> {
    const { price, split, payee: party, description = '' } = request.routeOptions.config
    invariant(price && (split === undefined) !== (party === undefined), `the route ${url} needs a price and exactly one of split and payee`)
    const payee: Payee = split ? { kind: 'split', split: g.splits.get(split) } : await partyPayee(g, party!)
    const digest = routeDigest(request.method, url)
    const credit = convert(price, g.rates.rate(g.usd, g.bookAsset), 'up')
    const evm = g.receivers.find((r) => r.rail === 'evm')
    // The chain's terms name the split's address and nothing of this request, so they are asked for once and dated at each challenge.
    const terms = evm
      ? [await evm.offer({ amount: credit, ref: refOf(digest), expiresAt: 0, description, splitId: payee.split.splitId })]
      : []
    const publicUrl = o.publicUrl()
    return { digest, url, realm: new URL(publicUrl).host, publicUrl, description: description || url, price, payee, evm: terms }
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

async function partyPayee(g: PaidRouteGateway, id: string): Promise<Payee> {
  const party = g.parties.get(id)
  return { kind: 'party', party: party.id, split: await g.splits.house(party.id) }
}

/** One 402 over all rails that answer in time. */
export async function challengeFor(
  g: PaidRouteGateway,
  route: PricedRoute,
  request: FastifyRequest,
  refusal?: GatewayError,
): Promise<Challenge> {
  const now = g.clock.now()
  const expiresAt = now + CHALLENGE_S * 1000
  const { offers: fresh } = await g.makeOffers({
    ...{ price: route.price, ref: refOf(`${route.digest}:${g.ids.next('of_')}`), splitId: route.payee.split.splitId, expiresAt },
    ...{ description: route.description, rails: ['lightning'] },
  })
  const lightning = fresh.map(({ terms, value }) => ({ ...terms, price: value }))
  const evm = route.evm.map((terms) => ({ ...terms, expiresAt }))
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
    offers: [...lightning, ...evm],
    now,
    expiresAt,
    keys: g.challengeKeys,
    ...(refusal ? { refusal } : {}),
  })
}

/** The payment that a request carries: an API key with an Idempotency-Key, or a proof; undefined when there is none. Verifies without asking anybody. */
export async function readPayment(g: PaidRouteGateway, route: PricedRoute, request: FastifyRequest): Promise<Payment | undefined> {
  const fingerprint = requestDigest(request.method, `${route.publicUrl}${request.url}`, bodyText(request))
  if (bearerOf(request)) {
    if (request.headers['payment-signature'] !== undefined)
      throw new GatewayError('proof_ambiguous', 'The request carries an API key and PAYMENT-SIGNATURE')
    return fromBalance(g, route, request, fingerprint)
  }
  const proof = readProof(request.headers)
  if (!proof) return undefined
  const standing = standingClaim(g, route, proof)
  // A proof that was accepted once is checked as of then, so that a repeat gets its answer also after the challenge has expired.
  const now = standing?.at ?? g.clock.now()
  const expected = {
    realm: route.realm,
    route: route.digest,
    resourceUrl: `${route.publicUrl}${request.url}`,
    price: route.price,
    offers: route.evm,
    now,
    keys: g.challengeKeys,
  }
  const verified = verifyProof(proof, expected)
  const credit = convert(verified.price, g.rates.rate(g.usd, g.bookAsset), 'up')
  const common = { claimKey: verified.claimKey, fingerprint, price: verified.price, credit, proof: verified }
  if (verified.rail === 'evm') {
    const { authorization } = verified
    return {
      ...common,
      payer: verified.payer.toLowerCase(),
      funding: async () => ({ rail: 'evm', authorization, got: money(g.bookAsset, verified.amount.units) }),
    }
  }
  const funding = async (): Promise<Funding | undefined> => {
    const arrived = await g.settlements.waitFor(verified.paymentHash, ARRIVAL_DEADLINE_MS)
    return arrived ? { rail: 'lightning', arrived, asked: verified.amount } : undefined
  }
  return { ...common, payer: 'lightning', funding }
}

function fromBalance(g: PaidRouteGateway, route: PricedRoute, request: FastifyRequest, fingerprint: string): Payment {
  const caller = g.authenticate(request)
  const party = callerId(caller)
  const credit = convert(route.price, g.rates.rate(g.usd, g.bookAsset), 'up')
  const funding = async (): Promise<Funding> => ({ rail: 'book', party, got: fundingFrom(g, party, credit) })
  return { claimKey: `book:${party}:${keyOf(request)}`, fingerprint, payer: party, price: route.price, credit, proof: undefined, funding }
}

/** The claim that this proof took before, if any; read from the proof's own words, so nothing is trusted before it is verified. */
function standingClaim(g: PaidRouteGateway, route: PricedRoute, proof: Proof) {
  if (proof.scheme === 'mpp-lightning' || proof.scheme === 'l402') return g.requestView.byPreimage(proof.preimage)
  const wire = route.evm[0]?.wire
  if (wire?.kind !== 'evm') return undefined
  const { from, nonce } = proof.transfer
  return g.requestView.byClaim(evmClaimKey({ chainId: wire.chainId, token: wire.token, from, nonce }))
}

/** The request as a claim's fingerprint sees it: its body as parsed, so that blanks do not make another request. */
function bodyText(request: FastifyRequest): string {
  return request.body === undefined || request.body === null ? '' : JSON.stringify(request.body)
}
