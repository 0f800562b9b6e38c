import { invariant } from '../../errors/invariant.ts'
import { BTC, USD } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import { type Narrowing, readCaveats } from './caveats.ts'
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

/** Mints the L402 token of an invoice, as standard base64. */
export function mintToken(paymentHash: string, tokenId: Uint8Array, terms: TokenTerms, keys: ChallengeKeys): string {
  const caveats = [
    `route=${terms.route}`,
    `price_micro_usd=${terms.price.units}`,
    `amount_msat=${terms.amount.units}`,
    `valid_until=${terms.validUntil}`,
  ]
  return macaroonOf(paymentHash, tokenId, caveats, keys)
}

/** The token over these caveats, as standard base64. The root key is derived from secret and identifier, so nothing is stored. */
export function macaroonOf(paymentHash: string, tokenId: Uint8Array, caveats: readonly string[], keys: ChallengeKeys): string {
  const identifier = Buffer.concat([Buffer.alloc(2), Buffer.from(paymentHash, 'hex'), tokenId])
  invariant(identifier.length === IDENTIFIER_BYTES, 'a token identifier has 66 bytes')
  const signature = signMacaroon(hmac(keys.token[0]!, identifier), identifier, caveats)
  return encodeMacaroon({ location: '', identifier, caveats, signature }).toString('base64')
}

/** The key that this token was minted under here, whatever caveats were added to it since; undefined for one that is not ours. */
export function rootKeyOf({ identifier, caveats, signature }: Macaroon, keys: ChallengeKeys): Buffer | undefined {
  if (identifier.length !== IDENTIFIER_BYTES) return undefined
  const roots = keys.token.map((key) => hmac(key, identifier))
  return roots.find((root) => sameBytes(signature, signMacaroon(root, identifier, caveats)))
}

/** The payment hash a token of ours names, as hex. */
export function paymentHashOfToken(token: Macaroon): string {
  return token.identifier.subarray(2, 34).toString('hex')
}

/**
 * The terms of a token of ours, and what caveats that were added to it leave of them: a holder may narrow a token, never widen it, so the earliest end
 * counts, and what says again what the token says must agree.
 */
export function termsOfToken({ caveats }: Macaroon): Readonly<{ terms: TokenTerms; narrowing: Narrowing }> {
  const own = CAVEAT_NAMES.map((name, i) => {
    const [said, value = ''] = (caveats[i] ?? '').split('=')
    invariant(said === name && CAVEAT_VALUES[name].test(value), 'a token of ours has its caveats in their places')
    return value
  })
  const [route = '', price = '', amount = '', until = ''] = own
  const narrowing = readCaveats(caveats, { first: CAVEAT_NAMES.length, same: caveats.slice(0, CAVEAT_NAMES.length) })
  const validUntil = min(Number.parseInt(until, 10), narrowing.untilS)
  const terms = { route, price: { asset: USD, units: BigInt(price) }, amount: { asset: BTC, units: BigInt(amount) }, validUntil }
  return { terms, narrowing }
}
