import { randomBytes } from 'node:crypto'
import type { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import { floorDivCount, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import type { AcceptPayment } from './acceptPayment.ts'
import { type BazaarEntry, bazaarExtension } from './bazaar.ts'
import type { ChallengeKeys } from './challengeKeys.ts'
import {
  type ChallengeOffer,
  type DepositOffer,
  type EvmOffer,
  evmOffers,
  type LightningOffer,
  lightningOffer,
  paymentHashOf,
  type SessionOffer,
  signedBy,
} from './challengeOffer.ts'
import { mintToken } from './l402Token.ts'
import { depositChallenge, evmChallenge, lightningChallenge, type MppChallenge, sessionChallenge, writeChallenge } from './mppChallenge.ts'
import type { PassOffer } from './passTerms.ts'
import { mintPass } from './passToken.ts'
import { PAYMENT_IDENTIFIER, paymentIdentifier } from './paymentIdentifier.ts'
import { type PaymentProblem, paymentProblem } from './paymentProblem.ts'
import { cutDescription, paymentRequired, type Resource } from './paymentRequired.ts'
import { OUT_OF_TURN, x402Reason } from './refusalNames.ts'

/** Above this a settled PAYMENT-REQUIRED has been seen to fail (x402 issue 2993: 3,564 bytes failed, 2,996 passed). */
export const PAYMENT_REQUIRED_BYTES_MAX = 2_900
/** All headers of a 402 together: what common proxies take in one response. */
export const CHALLENGE_HEADERS_BYTES_MAX = 8_192

/**
 * `now` and `expiresAt` in ms; `route` from `offerDigest`; `price` in USD. `refusal` says why a proof was not accepted, and gives the answer its status:
 * 402, or 412 where the payer has to let Permit2 take the token first.
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
  /** The price is the most that is taken. */
  upto?: boolean
  /** How the route is called, where it may be shown to indexers. Told where there is room. */
  bazaar?: BazaarEntry | undefined
  /** Whether a balance held here can pay; true unless said otherwise. */
  book?: boolean
  refusal?: GatewayError
  /** Sessions that may pay for this request and others of its route. */
  sessions?: readonly SessionOffer[]
  /** The same over Lightning. */
  deposit?: DepositOffer | undefined
  /** What the client says that it pays by. */
  accepts?: AcceptPayment
  /** What its invoice buys, where that is more than this request. */
  pass?: PassOffer
  /** What is said of the payer's channel of x402 (`channelState`, `voucherState`), where its voucher was out of turn. */
  channelExtra?: Readonly<Record<string, Json>> | undefined
  /** 32 random bytes that make this challenge unlike any other; drawn when absent. */
  seed?: Uint8Array
}>

/** `assets`: those in which the body names an amount. */
export type Challenge = Readonly<{
  status: number
  headers: readonly (readonly [string, string])[]
  body: PaymentProblem
  assets: readonly Asset[]
}>

/**
 * One 402 for every client: x402 v2, MPP evm and lightning charge, L402, and a JSON body with all offers. Writes nothing down: ids and tokens are
 * HMACs over what they promise.
 */
export function buildChallenge(input: ChallengeInput): Challenge {
  invariant(/^[0-9A-Za-z.:[\]_-]{1,255}$/.test(input.realm), 'a realm is a host name with an optional port')
  invariant(input.expiresAt > input.now, 'a challenge expires after it is made')
  const headers = fittingHeaders(input)
  const { price, offers, expiresAt, refusal, pass, book = true, upto = false } = input
  const description = cutDescription(input.resource.description)
  return {
    status: refusal?.status ?? 402,
    headers,
    body: paymentProblem({ price, offers, expiresAt, description, book, upto, ...(pass ? { pass } : {}), ...(refusal ? { refusal } : {}) }),
    assets: [price.asset, ...offers.map(({ amount }) => amount.asset)],
  }
}

type Headers = readonly (readonly [string, string])[]

const IDS_HEEDED = { [PAYMENT_IDENTIFIER]: paymentIdentifier() }

/**
 * The headers with as many chains as clients and proxies take, the first of `offers` before the others, so the caller's order says which is left
 * out; extensions are left out before them, the bazaar first. At least one is there; the body lists them all.
 */
function fittingHeaders(input: ChallengeInput): Headers {
  const evm = evmOffers(input.offers)
  const seed = input.seed ?? randomBytes(32)
  const entry = input.bazaar && evm.length > 0 ? bazaarExtension(input.bazaar) : undefined
  for (const extensions of entry ? [{ bazaar: entry, ...IDS_HEEDED }, IDS_HEEDED] : [IDS_HEEDED]) {
    const headers = headersFor(input, evm, seed, extensions)
    if (fits(headers)) return headers
  }
  for (let chains = evm.length; ; chains--) {
    const headers = headersFor(input, evm.slice(0, chains), seed)
    if (fits(headers)) return headers
    const { bytes, required } = sizeOf(headers)
    invariant(
      chains > 1,
      `the headers of the 402 have ${bytes} bytes, more than proxies take, or PAYMENT-REQUIRED ${required}, more than clients`,
    )
  }
}

function fits(headers: Headers): boolean {
  const { bytes, required } = sizeOf(headers)
  return required <= PAYMENT_REQUIRED_BYTES_MAX && bytes <= CHALLENGE_HEADERS_BYTES_MAX
}

function sizeOf(headers: Headers): Readonly<{ bytes: number; required: number }> {
  const required = headers.find(([name]) => name === 'payment-required')?.[1].length ?? 0
  return { required, bytes: headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0) }
}

function headersFor(
  input: ChallengeInput,
  evm: readonly EvmOffer[],
  seed: Uint8Array,
  extensions?: Readonly<Record<string, Json>>,
): Headers {
  const headers: (readonly [string, string])[] = [
    ['cache-control', 'no-store'],
    ['content-type', 'application/problem+json'],
  ]
  if (evm.length > 0) {
    const error = input.channelExtra ? OUT_OF_TURN : x402Reason(input.refusal?.code ?? 'payment_required')
    const { resource, now, expiresAt, route, price, keys, channelExtra } = input
    const terms = { resource, now, expiresAt, route, price, keys, error, extensions, channelExtra }
    headers.push(['payment-required', paymentRequired(evm, terms)])
  }
  for (const value of authenticateValues(input, evm, seed)) headers.push(['www-authenticate', value])
  return headers
}

/**
 * Measured, of clients as their makers ship them: those in Go, Rust and Python read one value, the first, and the first `Payment`, so without a word of the
 * client's the order is L402, the lightning charge, the evm charges; Alby's fetch402 and mppx take it too. Alby's fetchWithMpp wants the value to begin with
 * `Payment` and reads the last of them. No order pleases both, so one that says what it pays by Accept-Payment is told that alone, dearest wish first, and
 * L402 comes last.
 */
function authenticateValues(input: ChallengeInput, evm: readonly EvmOffer[], seed: Uint8Array): string[] {
  const { realm, keys, route, price, accepts } = input
  const binding = { route, price, salt: Buffer.from(seed.subarray(0, 8)).toString('hex') }
  const charges = [
    ...evm
      .filter((offer) => signedBy(offer).includes('eip3009'))
      .map((offer) => evmChallenge(offer, { realm, keys, binding, expiresAt: min(input.expiresAt, offer.expiresAt) })),
    ...sessionsOn(input, evm, binding.salt),
    ...depositIn(input, binding.salt),
  ]
  const offer = lightningOffer(input.offers)
  if (!offer) return inOrder(charges, accepts).map(writeChallenge)
  const expiresAt = min(input.expiresAt, offer.expiresAt)
  // A charge buys one request, whatever it costs: its clients keep no token.
  const charge = input.pass ? undefined : lightningChallenge(offer, { realm, keys, binding, expiresAt })
  const l402 = `L402 macaroon="${tokenOf(input, offer, seed)}", invoice="${offer.wire.invoice}"`
  if (!accepts) return [l402, ...[...(charge ? [charge] : []), ...charges].map(writeChallenge)]
  return [...inOrder([...charges, ...(charge ? [charge] : [])], accepts).map(writeChallenge), l402]
}

/** Sessions on the chains that are shown: like charges, and last of all, for who opens a channel says so. */
function sessionsOn({ sessions = [], realm, keys, price }: ChallengeInput, evm: readonly EvmOffer[], salt: string): MppChallenge[] {
  return sessions
    .filter(({ rail }) => evm.some((offer) => offer.rail === rail))
    .map((offer) => sessionChallenge(offer, { realm, keys, binding: { route: offer.route, price, salt }, expiresAt: offer.expiresAt }))
}

function depositIn({ deposit, realm, keys }: ChallengeInput, salt: string): MppChallenge[] {
  if (!deposit) return []
  const { route, price, expiresAt } = deposit
  return [depositChallenge(deposit, { realm, keys, binding: { route, price, salt }, expiresAt })]
}

/** What paying the invoice opens: this one request, or the route's pass. */
function tokenOf({ route, price, pass, keys, expiresAt }: ChallengeInput, offer: LightningOffer, seed: Uint8Array): string {
  const [paymentHash, { amount }] = [paymentHashOf(offer), offer]
  if (pass) return mintPass({ paymentHash, tokenId: seed, amount, pass }, keys)
  return mintToken(paymentHash, seed, { route, price, amount, validUntil: floorDivCount(min(expiresAt, offer.expiresAt), 1000) }, keys)
}

/** Those that the client takes, the dearest first; all of them where it takes none that is here. */
function inOrder(charges: readonly MppChallenge[], accepts: AcceptPayment | undefined): readonly MppChallenge[] {
  if (!accepts) return charges
  const weight = ({ method, intent }: MppChallenge) => accepts(method, intent)
  const taken = charges.filter((charge) => weight(charge) > 0)
  return taken.length > 0 ? taken.sort((a, b) => weight(b) - weight(a)) : charges
}
