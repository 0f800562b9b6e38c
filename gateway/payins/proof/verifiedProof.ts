import type { Money } from '../../money/money.ts'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { Authorization, OfferTerms } from '../../ports/receiver.ts'
import type { X402ChannelConfig, X402Deposit } from '../../ports/x402Channels.ts'
import type { Guarded } from '../challenge/caveats.ts'
import type { ChallengeKeys } from '../challenge/challengeKeys.ts'
import type { Unproved } from './checkTransfer.ts'

/** What a proof is checked against. `now` in ms; `route` from `offerDigest`; `price` in USD; `offers` as a 402 of this moment would make them. */
export type Expected = Readonly<{
  realm: string
  route: string
  resourceUrl: string
  guarded: Guarded
  price: Money
  offers: readonly OfferTerms[]
  now: number
  keys: ChallengeKeys
}>

/**
 * A proof that holds. `claimKey` is the same whatever wire format carried it, so one payment is one claim; `amount` in the rail's asset; `price` is what
 * the payer was promised. The payer of an invoice is not known.
 */
export type VerifiedProof = SingleUseProof | VerifiedSession

/** One payment for one request. */
export type SingleUseProof =
  | Readonly<{
      kind: 'authorization'
      rail: EvmRailName
      scheme: 'x402' | 'mpp-evm'
      claimKey: string
      amount: Money
      price: Money
      payer: Hex
      authorization: Authorization
      /** By x402: what the payer calls this payment, and the resource as the offer named it. */
      paymentId?: string | undefined
      resourceUrl?: string
      /** Its account's code has said that the signature is its own, and may say otherwise a moment later. */
      byCode?: true
    }>
  | Readonly<{
      kind: 'voucher'
      rail: EvmRailName
      scheme: 'x402'
      /** What each try at this sum of the channel begins with. */
      claimKey: string
      amount: Money
      price: Money
      payer: Hex
      channel: X402Channel
      cumulative: bigint
      signature: Hex
      deposit: X402Deposit | undefined
      paymentId?: string | undefined
      resourceUrl: string
      /** What is said of its channel, once it was taken. */
      told?: X402Told
    }>
  | Readonly<{
      kind: 'preimage'
      rail: 'lightning'
      scheme: 'mpp-lightning' | 'l402'
      claimKey: string
      amount: Money
      price: Money
      payer?: undefined
      paymentHash: string
      preimage: string
    }>

/** What stands in a session's receipt (draft-evm-session-00, receipt generation); sums in units of the token. */
export type SessionReceipt = Readonly<{
  challengeId: string
  channelId: Hex
  chainId: number
  acceptedCumulative: bigint
  spent: bigint
  txHash?: Hex
}>

/** What a stream has taken when it ends, in units of its session's asset, and in how many steps. */
export type StreamTaken = Readonly<{ units: bigint; steps: number }>

/** One request out of what a session's vouchers or deposits have brought. `told`: the session's receipt as JSON at `at` (ms), as it stands when it is asked. */
type VerifiedSession = Readonly<{
  kind: 'session'
  rail: EvmRailName | 'lightning'
  scheme: 'mpp-session'
  claimKey: string
  amount: Money
  price: Money
  payer?: Hex | undefined
  told: (at: number, stream?: StreamTaken) => string
}>

/** A channel of x402 and the split that it pays. */
type X402Channel = Readonly<{ id: Hex; config: X402ChannelConfig; splitId: Hex }>

/** The state of a channel as x402 tells it: units, and seconds since 1970. `transaction`: of the deposit that came along. */
export type X402Told = Readonly<{
  balance: bigint
  totalClaimed: bigint
  withdrawRequestedAt: bigint
  charged: bigint
  transaction: Hex | ''
}>

/** `channelState` of x402: amounts as decimal strings. */
export function channelStateOf(channelId: Hex, told: X402Told) {
  return {
    channelId,
    balance: told.balance.toString(),
    totalClaimed: told.totalClaimed.toString(),
    withdrawRequestedAt: Number(told.withdrawRequestedAt), // not money: a time
    chargedCumulativeAmount: told.charged.toString(),
  }
}

/** Whether a signature is an account's own, which only its code can say. `isWrapped`: it came with the making of that account (ERC-6492). */
export type CodeQuestion = Unproved & Readonly<{ rail: EvmRailName; isWrapped: boolean }>

/** A proof whose terms hold, with the question that is still open. */
export type CheckedProof = Readonly<{ proof: SingleUseProof; question: CodeQuestion | undefined }>

/** The claim of an authorization: a token uses up each (from, nonce) once. All parts in lower case. */
export function evmClaimKey(a: { chainId: number; token: Hex; from: Hex; nonce: Hex }): string {
  return `evm:${a.chainId}:${a.token.toLowerCase()}:${a.from.toLowerCase()}:${a.nonce.toLowerCase()}`
}

/** The claim of a permit: Permit2 uses up each (from, nonce) once, whatever token it is for. */
export function permitClaimKey(a: { chainId: number; from: Hex; nonce: Hex }): string {
  return `evm:${a.chainId}:permit2:${a.from.toLowerCase()}:${a.nonce.toLowerCase()}`
}

/** The claim of a paid invoice. */
export function lightningClaimKey(paymentHash: string): string {
  return `lightning:${paymentHash.toLowerCase()}`
}
