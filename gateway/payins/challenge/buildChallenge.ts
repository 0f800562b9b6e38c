import { randomBytes } from 'node:crypto'
import type { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { floorDivCount, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { ChallengeKeys } from './challengeKeys.ts'
import { type ChallengeOffer, type EvmOffer, evmOffers, lightningOffer, paymentHashOf } from './challengeOffer.ts'
import { mintToken } from './l402Token.ts'
import { evmChallenge, lightningChallenge, writeChallenge } from './mppChallenge.ts'
import { type PaymentProblem, paymentProblem } from './paymentProblem.ts'
import { cutDescription, paymentRequired, type Resource } from './paymentRequired.ts'
import { x402Reason } from './refusalNames.ts'

/** Above this a settled PAYMENT-REQUIRED has been seen to fail (x402 issue 2993: 3,564 bytes failed, 2,996 passed). */
export const PAYMENT_REQUIRED_BYTES_MAX = 2_900
/** All headers of a 402 together: what common proxies take in one response. */
export const CHALLENGE_HEADERS_BYTES_MAX = 8_192

/**
 * `now` and `expiresAt` in ms; `route` from `offerDigest`; `price` in USD. `refusal` says why a proof was not accepted, and gives the answer its status:
 * 402, or 400 for a proof that cannot be read.
 */
export type ChallengeInput = Readonly<{
  realm: string
  resource: Resource
  route: string
  price: Money
  offers: readonly ChallengeOffer[]
  now: number
  expiresAt: number
  keys: ChallengeKeys
  /** Whether a balance held here can pay; true unless said otherwise. */
  book?: boolean
  refusal?: GatewayError
  /** 32 random bytes that make this challenge unlike any other; drawn when absent. */
  seed?: Uint8Array
}>

export type Challenge = Readonly<{ status: number; headers: readonly (readonly [string, string])[]; body: PaymentProblem }>

/**
 * One 402 for every client: x402 v2, MPP evm and lightning charge, L402, and a JSON body with all offers. Writes nothing down: ids and tokens are
 * HMACs over what they promise.
 */
export function buildChallenge(input: ChallengeInput): Challenge {
  invariant(/^[0-9A-Za-z.:[\]_-]{1,255}$/.test(input.realm), 'a realm is a host name with an optional port')
  invariant(input.expiresAt > input.now, 'a challenge expires after it is made')
  const headers = fittingHeaders(input)
  const { price, offers, expiresAt, refusal, book = true } = input
  const description = cutDescription(input.resource.description)
  return {
    status: refusal?.status ?? 402,
    headers,
    body: paymentProblem({ price, offers, expiresAt, description, book, ...(refusal ? { refusal } : {}) }),
  }
}

type Headers = readonly (readonly [string, string])[]

/**
 * The headers with as many chains as clients and proxies take, the first of `offers` before the others, so the caller's order says which is left
 * out. At least one is there; the body lists them all.
 */
function fittingHeaders(input: ChallengeInput): Headers {
  const evm = evmOffers(input.offers)
  const seed = input.seed ?? randomBytes(32)
  for (let chains = evm.length; ; chains--) {
    const headers = headersFor(input, evm.slice(0, chains), seed)
    const required = headers.find(([name]) => name === 'payment-required')?.[1].length ?? 0
    const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    if (required <= PAYMENT_REQUIRED_BYTES_MAX && bytes <= CHALLENGE_HEADERS_BYTES_MAX) return headers
    invariant(
      chains > 1,
      `the headers of the 402 have ${bytes} bytes, more than proxies take, or PAYMENT-REQUIRED ${required}, more than clients`,
    )
  }
}

function headersFor(input: ChallengeInput, evm: readonly EvmOffer[], seed: Uint8Array): Headers {
  const headers: (readonly [string, string])[] = [
    ['cache-control', 'no-store'],
    ['content-type', 'application/problem+json'],
  ]
  if (evm.length > 0) {
    const error = x402Reason(input.refusal?.code ?? 'payment_required')
    const { resource, now, expiresAt, route, price, keys } = input
    headers.push(['payment-required', paymentRequired(evm, { resource, now, expiresAt, route, price, keys, error })])
  }
  for (const value of authenticateValues(input, evm, seed)) headers.push(['www-authenticate', value])
  return headers
}

/**
 * The order is what wallets need: Alby's fetch402 9.0.1 reads the joined header with one expression in which the last key wins, so the lightning
 * charge is the last `Payment`, and its fetchWithMpp wants the value to begin with `Payment`, so L402 comes after it. mppx takes any order.
 */
function authenticateValues(input: ChallengeInput, evm: readonly EvmOffer[], seed: Uint8Array): string[] {
  const { realm, keys, route, price } = input
  const binding = { route, price, salt: Buffer.from(seed.subarray(0, 8)).toString('hex') }
  const values = evm.map((offer) =>
    writeChallenge(evmChallenge(offer, { realm, keys, binding, expiresAt: min(input.expiresAt, offer.expiresAt) })),
  )
  const offer = lightningOffer(input.offers)
  if (!offer) return values
  const expiresAt = min(input.expiresAt, offer.expiresAt)
  const charge = lightningChallenge(offer, { realm, keys, binding, expiresAt })
  if (charge) values.push(writeChallenge(charge))
  const terms = { route, price, amount: offer.amount, validUntil: floorDivCount(expiresAt, 1000) }
  const token = mintToken(paymentHashOf(offer), seed, terms, keys)
  values.push(`L402 macaroon="${token}", invoice="${offer.wire.invoice}"`)
  return values
}
