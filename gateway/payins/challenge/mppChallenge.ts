import type { KeyObject } from 'node:crypto'
import { canonicalJson } from '../../audit/receipt/canonicalJson.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { sameAsset, USD } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import { toBase64Url } from './base64Json.ts'
import { type ChallengeKeys, SECRET_BYTES_MIN, sameBytes } from './challengeKeys.ts'
import { type DepositOffer, type EvmOffer, type LightningOffer, paymentHashOf, type SessionOffer } from './challengeOffer.ts'
import { hmac } from './hmac.ts'

/** One millisatoshi amount in whole satoshi, which is all that a lightning charge can say. */
const MSAT_PER_SAT = 1000n

/**
 * A challenge of the Payment scheme (draft-httpauth-payment). We leave `digest` and `opaque` out: Alby's client does not echo them, so what the
 * challenge is bound to travels in `externalId` inside `request`, which every client echoes.
 */
export type MppChallenge = Readonly<{
  id: string
  realm: string
  method: string
  intent: string
  request: string
  expires?: string | undefined
  digest?: string | undefined
  opaque?: string | undefined
  /** Where its credential goes, if not into Authorization (mppx). We never say so. */
  header?: string | undefined
}>

/** What a challenge binds beside its amount and payee. `salt` makes two challenges of one moment differ, and so their payments. */
type Binding = Readonly<{ route: string; price: Money; salt: string }>

type Params = Readonly<{ realm: string; expiresAt: number; binding: Binding; keys: ChallengeKeys }>

/** The evm charge of an offer, payable by an EIP-3009 authorization. */
export function evmChallenge(offer: EvmOffer, params: Params): MppChallenge {
  const { wire, amount } = offer
  return seal('evm', params, {
    amount: amount.units.toString(),
    currency: wire.token.toLowerCase(),
    externalId: writeBinding(params.binding),
    methodDetails: { chainId: wire.chainId, credentialTypes: ['authorization'], decimals: amount.asset.scale },
    recipient: wire.payTo.toLowerCase(),
  })
}

/** The lightning charge of an offer, or undefined when its amount is not in whole satoshi. */
export function lightningChallenge(offer: LightningOffer, params: Params): MppChallenge | undefined {
  const { wire, amount } = offer
  if (amount.units % MSAT_PER_SAT !== 0n) return undefined
  return seal('lightning', params, {
    amount: (amount.units / MSAT_PER_SAT).toString(),
    currency: 'sat',
    externalId: writeBinding(params.binding),
    methodDetails: { invoice: wire.invoice, network: wire.network, paymentHash: paymentHashOf(offer) },
  })
}

/** A session on an offer's chain: what a request costs at most, by vouchers of a channel of its hub (draft-evm-session-00). */
export function sessionChallenge(offer: SessionOffer, params: Params): MppChallenge {
  const { wire, amount, closer, step, deltaMin, suggestedDeposit, depositMin, metered } = offer
  const { chainId, hub, splitId, tokenName, tokenVersion } = wire
  const channel = {
    closer,
    depositMin: `${depositMin}`,
    domain: 'SettlementHub',
    splitId,
    step: `${step}`,
    token: { name: tokenName, version: tokenVersion },
  }
  const request = {
    amount: metered ? '1' : amount.units.toString(),
    currency: wire.token.toLowerCase(),
    externalId: writeBinding(params.binding),
    methodDetails: {
      chainId,
      channel,
      credentialTypes: ['authorization'],
      decimals: amount.asset.scale,
      escrowContract: hub.toLowerCase(),
      feePayer: true,
      minVoucherDelta: `${deltaMin}`,
      ...(metered ? { maxPerRequest: amount.units.toString() } : {}),
    },
    recipient: wire.payTo.toLowerCase(),
    suggestedDeposit: `${suggestedDeposit}`,
    unitType: metered ? 'base_unit' : 'request',
  }
  return seal('evm', params, request, 'session')
}

/** A session over Lightning: its deposit's invoice, and what is taken of it at a time (draft-lightning-session-00). What is no whole satoshi is rounded up. */
export function depositChallenge(offer: DepositOffer, params: Params): MppChallenge {
  const { wire, amount, unit, perUnit, most, idleS } = offer
  invariant(amount.units % MSAT_PER_SAT === 0n, 'a deposit is in whole satoshi')
  const request = {
    amount: `${ceilDiv(perUnit, MSAT_PER_SAT)}`,
    currency: 'sat',
    depositAmount: `${amount.units / MSAT_PER_SAT}`,
    depositInvoice: wire.invoice,
    externalId: writeBinding(params.binding),
    idleTimeout: `${idleS}`,
    methodDetails: { maxPerRequest: `${ceilDiv(most, MSAT_PER_SAT)}`, network: wire.network },
    paymentHash: paymentHashOf(offer),
    unitType: unit,
  }
  return seal('lightning', params, request, 'session')
}

/** True when this challenge was made here, under the current or the previous secret, and nothing in it was changed since. */
export function isOurChallenge(challenge: MppChallenge, keys: ChallengeKeys): boolean {
  const id = Buffer.from(challenge.id, 'utf8')
  return keys.challenge.some((key) => sameBytes(id, Buffer.from(challengeId(key, challenge), 'utf8')))
}

const PARAMS = ['id', 'realm', 'method', 'intent', 'request', 'expires', 'description', 'digest', 'header', 'opaque'] as const

/** The challenge as the value of a `WWW-Authenticate` header. Throws `invalid_request` for a value that no header can carry. */
export function writeChallenge(c: MppChallenge & Readonly<{ description?: string | undefined }>): string {
  return `Payment ${PARAMS.flatMap((name) => (c[name] === undefined ? [] : [`${name}="${quotable(name, c[name])}"`])).join(', ')}`
}

/** What stands between the quotes of a quoted string (RFC 9110, section 5.6.4); of other than ASCII every reader makes something else. */
function quotable(name: string, text: string): string {
  if (!/^[\t\x20-\x7e]*$/.test(text))
    throw new GatewayError(
      'invalid_request',
      `The parameter ${name} has characters that no header carries: control characters, or none of ASCII`,
    )
  return text.replace(/["\\]/g, '\\$&')
}

/** Reads what `writeBinding` wrote; undefined when it did not. */
export function readBinding(text: string): Binding | undefined {
  const match = /^([0-9a-f]{64})\.([0-9]{1,30})\.([0-9a-f]{16})$/.exec(text)
  return match ? { route: match[1]!, price: { asset: USD, units: BigInt(match[2]!) }, salt: match[3]! } : undefined
}

function writeBinding(binding: Binding): string {
  invariant(sameAsset(binding.price.asset, USD), 'the price of a route is in USD')
  return `${binding.route}.${binding.price.units}.${binding.salt}`
}

function seal(method: string, params: Params, request: Json, intent = 'charge'): MppChallenge {
  const unsealed = {
    realm: params.realm,
    method,
    intent,
    request: toBase64Url(canonicalJson(request)),
    expires: new Date(params.expiresAt).toISOString(),
  }
  return { id: challengeId(params.keys.challenge[0]!, unsealed), ...unsealed }
}

/**
 * The id of a challenge by the recommended, stateless way: HMAC-SHA256 over seven fixed slots (draft-httpauth-payment); an absent one is empty. A header other
 * than Authorization stands before `opaque` (mppx).
 */
export function challengeId(key: KeyObject, c: Omit<MppChallenge, 'id'>): string {
  invariant((key.symmetricKeySize ?? 0) >= SECRET_BYTES_MIN, `a challenge secret has at least ${SECRET_BYTES_MIN} bytes`)
  const header = c.header === undefined || c.header.toLowerCase() === 'authorization' ? [] : [c.header]
  const slots = [c.realm, c.method, c.intent, c.request, c.expires ?? '', c.digest ?? '', ...header, c.opaque ?? '']
  return hmac(key, slots.join('|')).toString('base64url')
}
