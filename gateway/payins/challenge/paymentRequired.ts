import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { floorDivCount, max, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import type { SignedBy } from '../../ports/receiver.ts'
import { toBase64Json } from './base64Json.ts'
import type { ChallengeKeys } from './challengeKeys.ts'
import { type EvmOffer, signedBy } from './challengeOffer.ts'
import { writeQuote } from './x402Quote.ts'

/** What the 402 is for: x402's `resource`. */
export type Resource = Readonly<{ method: string; url: string; description: string; mimeType?: string }>

/** Longer descriptions are cut: the header has a budget. */
const DESCRIPTION_CHARS_MAX = 160
/** A URL that takes more than this in JSON is named without its query. */
const RESOURCE_URL_BYTES_MAX = 1024

/** One way to pay by x402 v2. Amounts are decimal strings of the token's smallest unit; of scheme `upto` it is the most that is taken. */
type PaymentRequirements = Readonly<{
  scheme: 'exact' | 'upto' | 'batch-settlement'
  network: string
  amount: string
  asset: string
  payTo: string
  maxTimeoutSeconds: number
  extra: Readonly<{ name: string; version: string; quote: string }> & Readonly<Record<string, Json>>
}>

/** Of every offer in one 402: times in ms, `route` from `offerDigest`, `price` in USD. */
type Terms = Readonly<{
  now: number
  expiresAt: number
  route: string
  price: Money
  keys: ChallengeKeys
  /** What is said of the payer's channel. */
  channelExtra?: Readonly<Record<string, Json>> | undefined
}>

/** The value of the PAYMENT-REQUIRED header (x402 v2, HTTP transport): standard base64 of JSON. `error` is a reason string of x402. */
export function paymentRequired(
  offers: readonly EvmOffer[],
  o: Terms & Readonly<{ resource: Resource; error: string; extensions?: Readonly<Record<string, Json>> | undefined }>,
): string {
  const { resource } = o
  return toBase64Json({
    x402Version: 2,
    error: o.error,
    resource: {
      url: resourceUrl(resource.url),
      description: cutDescription(resource.description),
      ...(resource.mimeType ? { mimeType: resource.mimeType } : {}),
    },
    accepts: offers.flatMap((offer) => {
      const terms = { ...o, expiresAt: min(o.expiresAt, offer.expiresAt) }
      return signedBy(offer).map((by) => requirements(offer, by, terms))
    }),
    ...(o.extensions ? { extensions: o.extensions } : {}),
  })
}

/** The URL as x402 names the resource; the proof echoes it. Throws `invalid_request` when even its path is too long to be named. */
export function resourceUrl(url: string): string {
  if (jsonBytes(url) <= RESOURCE_URL_BYTES_MAX) return url
  const path = url.replace(/[?#].*$/s, '')
  if (jsonBytes(path) <= RESOURCE_URL_BYTES_MAX) return path
  throw new GatewayError('invalid_request', `the path is longer than the ${RESOURCE_URL_BYTES_MAX} bytes that a payment can name`)
}

const SCHEME_OF = { eip3009: 'exact', permit2: 'exact', upto: 'upto', channel: 'batch-settlement' } as const

/** What a payer has to know beside it to sign so. */
function extraOf({ facilitator, channel }: EvmOffer['wire'], by: SignedBy): Readonly<Record<string, Json>> {
  if (by === 'eip3009') return {}
  if (by !== 'channel')
    return { assetTransferMethod: 'permit2', ...(by === 'upto' && facilitator ? { facilitatorAddress: facilitator } : {}) }
  invariant(channel, 'an offer that a voucher can pay says of which channels')
  const least = channel.depositMin === undefined ? {} : { minDeposit: channel.depositMin.toString() }
  return { receiverAuthorizer: channel.authorizer, withdrawDelay: channel.withdrawDelayS, ...least }
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8')
}

/** The description within its bound, never cut inside a surrogate pair. */
export function cutDescription(text: string): string {
  return text.length <= DESCRIPTION_CHARS_MAX ? text : [...text.slice(0, DESCRIPTION_CHARS_MAX)].slice(0, -1).join('')
}

function requirements(offer: EvmOffer, by: SignedBy, o: Terms): PaymentRequirements {
  const { wire, amount } = offer
  const { route, price } = o
  const quote = writeQuote(offer, { by, route, price, expiresS: floorDivCount(o.expiresAt, 1000) }, o.keys)
  return {
    scheme: SCHEME_OF[by],
    network: `eip155:${wire.chainId}`,
    amount: amount.units.toString(),
    asset: wire.token.toLowerCase(),
    payTo: wire.payTo.toLowerCase(),
    // The client adds this to its own clock to get validBefore; x402 wants it positive.
    maxTimeoutSeconds: max(1, floorDivCount(o.expiresAt - o.now, 1000)),
    extra: { name: wire.tokenName, version: wire.tokenVersion, quote, ...extraOf(wire, by), ...(by === 'channel' ? o.channelExtra : {}) },
  }
}
