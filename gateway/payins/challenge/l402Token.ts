import { invariant } from '../../errors/invariant.ts'
import { BTC, USD } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import { type ChallengeKeys, sameBytes } from './challengeKeys.ts'
import { hmac } from './hmac.ts'
import { encodeMacaroon, type Macaroon, signMacaroon } from './macaroon.ts'

/** What a token is good for: one payment of `amount` for `route`, promised at `price` until `validUntil` (seconds since 1970). */
type TokenTerms = Readonly<{ route: string; price: Money; amount: Money; validUntil: number }>

/** uint16 version 0, payment hash, token id (L402 specification, macaroon identifier). */
const IDENTIFIER_BYTES = 66

const CAVEAT_NAMES = ['route', 'price_micro_usd', 'amount_msat', 'valid_until'] as const
type CaveatName = (typeof CAVEAT_NAMES)[number]
const CAVEAT_VALUES: Readonly<Record<CaveatName, RegExp>> = {
  route: /^[0-9a-f]{64}$/,
  price_micro_usd: /^[0-9]{1,30}$/,
  amount_msat: /^[0-9]{1,30}$/,
  // Seconds: eleven digits reach the year 5138.
  valid_until: /^[0-9]{1,11}$/,
}

/** Mints the L402 token of an invoice, as standard base64. The root key is derived from secret and identifier, so nothing is stored. */
export function mintToken(paymentHash: string, tokenId: Uint8Array, terms: TokenTerms, keys: ChallengeKeys): string {
  const identifier = Buffer.concat([Buffer.alloc(2), Buffer.from(paymentHash, 'hex'), tokenId])
  invariant(identifier.length === IDENTIFIER_BYTES, 'a token identifier has 66 bytes')
  const caveats = [
    `route=${terms.route}`,
    `price_micro_usd=${terms.price.units}`,
    `amount_msat=${terms.amount.units}`,
    `valid_until=${terms.validUntil}`,
  ]
  const signature = signMacaroon(hmac(keys.token[0]!, identifier), identifier, caveats)
  return encodeMacaroon({ location: '', identifier, caveats, signature }).toString('base64')
}

/** True when this token was minted here, whatever caveats were added to it since. */
export function isOurToken(token: Macaroon, keys: ChallengeKeys): boolean {
  if (token.identifier.length !== IDENTIFIER_BYTES) return false
  return keys.token.some((key) => sameBytes(token.signature, signMacaroon(hmac(key, token.identifier), token.identifier, token.caveats)))
}

/** The payment hash a token of ours names, as hex. */
export function paymentHashOfToken(token: Macaroon): string {
  return token.identifier.subarray(2, 34).toString('hex')
}

/**
 * The terms of a token of ours, or undefined when it has a caveat that is not understood or that contradicts another: a holder may narrow a token by
 * adding caveats, never widen it, so the earliest `valid_until` counts and all else must agree.
 */
export function termsOfToken(token: Macaroon): TokenTerms | undefined {
  const seen: Partial<Record<CaveatName, string>> = {}
  for (const caveat of token.caveats) {
    const name = CAVEAT_NAMES.find((n) => caveat.startsWith(`${n}=`))
    if (!name) return undefined
    const value = caveat.slice(name.length + 1)
    if (!CAVEAT_VALUES[name].test(value)) return undefined
    const before = seen[name]
    if (before === undefined || (name === 'valid_until' && BigInt(value) < BigInt(before))) seen[name] = value
    else if (name !== 'valid_until' && before !== value) return undefined
  }
  const { route, price_micro_usd: price, amount_msat: amount, valid_until: until } = seen
  if (route === undefined || price === undefined || amount === undefined || until === undefined) return undefined
  const validUntil = Number.parseInt(until, 10)
  return { route, price: { asset: USD, units: BigInt(price) }, amount: { asset: BTC, units: BigInt(amount) }, validUntil }
}
