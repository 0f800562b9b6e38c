import { invariant } from '../../errors/invariant.ts'
import { BTC, sameAsset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Hex } from '../../ports/ids.ts'
import type { OfferTerms, OfferWire, SignedBy } from '../../ports/receiver.ts'

/**
 * An offer as a 402 shows it: the rail's terms and, where it differs from the route's price, what the payer pays in full (USD). `costNano`: what being paid
 * by it is expected to cost all sides beyond that, by which they are ordered.
 */
export type ChallengeOffer = OfferTerms & Readonly<{ price?: Money; costNano?: bigint }>

type EvmWire = Extract<OfferWire, { kind: 'evm' }>
type Bolt11Wire = Extract<OfferWire, { kind: 'bolt11' }>
export type EvmOffer = OfferTerms & Readonly<{ wire: EvmWire }>
export type LightningOffer = ChallengeOffer & Readonly<{ wire: Bolt11Wire }>

/**
 * A session on a chain: `amount` is what a request costs, or where it is `metered` the most that it may; `route` from `routeDigest`, for a session is good for
 * every request of its route. The rest in units of the token: what is paid for at a
 * time, what a voucher adds at least, and what to deposit.
 */
export type SessionOffer = EvmOffer &
  Readonly<{ route: string; closer: Hex; step: bigint; deltaMin: bigint; suggestedDeposit: bigint; depositMin: bigint; metered: boolean }>

/**
 * A session over Lightning, which paying the invoice opens or tops up: `unit` is what is paid for at a time and costs `perUnit` at most, a request `most`
 * (msat); `route` and `price` (USD) as of other sessions.
 */
export type DepositOffer = LightningOffer &
  Readonly<{ route: string; price: Money; unit: 'request' | 'step'; perUnit: bigint; most: bigint; idleS: number }>

const BY_EIP_3009: readonly SignedBy[] = ['eip3009']

/** How a payer may sign for an offer of a chain. */
export function signedBy({ wire }: EvmOffer): readonly SignedBy[] {
  return wire.signed ?? BY_EIP_3009
}

/** The offers that an authorization on a chain can pay. */
export function evmOffers(offers: readonly OfferTerms[]): EvmOffer[] {
  return offers.filter((offer): offer is EvmOffer => offer.wire.kind === 'evm')
}

/** The offer that paying an invoice pays; a 402 carries at most one, because L402 knows no choice. */
export function lightningOffer(offers: readonly OfferTerms[]): LightningOffer | undefined {
  const found = offers.filter((offer): offer is LightningOffer => offer.wire.kind === 'bolt11')
  invariant(found.length <= 1, 'a challenge has at most one lightning offer')
  const offer = found[0]
  invariant(!offer || sameAsset(offer.amount.asset, BTC), 'a lightning offer is in msat')
  return offer
}

/** The payment hash of a lightning offer as 64 lower-case hex digits. */
export function paymentHashOf(offer: LightningOffer): string {
  const hash = offer.wire.paymentHash.toLowerCase().replace(/^0x/, '')
  invariant(/^[0-9a-f]{64}$/.test(hash), 'a payment hash has 32 bytes')
  return hash
}
