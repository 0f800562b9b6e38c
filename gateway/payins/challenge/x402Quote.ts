import { USD } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { SignedBy } from '../../ports/receiver.ts'
import { type ChallengeKeys, sameBytes } from './challengeKeys.ts'
import type { EvmOffer } from './challengeOffer.ts'
import { hmac } from './hmac.ts'

/** What an offer of x402 promises: this amount, signed so, for `route` (from `offerDigest`) at `price` in USD, until then (seconds since 1970). */
type Quote = Readonly<{ by: SignedBy; route: string; price: Money; expiresS: number }>

/** 128 bits: nobody guesses them, and the header has a budget. */
const TAG_CHARS = 22
/** Price in millionths of a dollar, end, tag. */
export const QUOTE_PATTERN = /^([0-9]{1,30})\.([0-9]{1,11})\.([A-Za-z0-9_-]{22})$/

/**
 * The quote of an offer as it stands in `extra`, which an x402 client echoes. Its payer signs an amount and a payee and nothing of the request: what binds
 * the rest is this HMAC.
 */
export function writeQuote(offer: EvmOffer, quote: Quote, keys: ChallengeKeys): string {
  return `${quote.price.units}.${quote.expiresS}.${tagOf(offer, quote, keys.challenge[0]!)}`
}

/** What this quote promises, where it was made here for this route and this very offer; undefined where it was not. */
export function readQuote(
  text: string,
  offer: EvmOffer,
  o: Readonly<{ by: SignedBy; route: string; keys: ChallengeKeys }>,
): Quote | undefined {
  const match = QUOTE_PATTERN.exec(text)
  if (!match) return undefined
  const quote = { by: o.by, route: o.route, price: { asset: USD, units: BigInt(match[1]!) }, expiresS: Number.parseInt(match[2]!, 10) }
  const tag = Buffer.from(match[3]!)
  return o.keys.challenge.some((key) => sameBytes(tag, Buffer.from(tagOf(offer, quote, key)))) ? quote : undefined
}

/** A realm has no blank, so this is no id of a challenge. */
function tagOf({ wire, amount }: EvmOffer, { by, route, price, expiresS }: Quote, key: ChallengeKeys['challenge'][number]): string {
  const { chainId, token, payTo } = wire
  const said = ['x402 quote', by, route, chainId, token.toLowerCase(), payTo.toLowerCase(), amount.units, price.units, expiresS]
  return hmac(key, said.join('|')).toString('base64url').slice(0, TAG_CHARS)
}
