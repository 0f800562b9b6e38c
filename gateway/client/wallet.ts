import type { Money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { InvoiceProof, Offer, ProofHeader, Refusal } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'

/**
 * Headers that prove a payment. Sent again and again for the same request until it is answered; never made twice. `origin` is the only one that may see them,
 * where they hold more than the proof of this payment.
 */
export type Credential = Readonly<{ headers: readonly ProofHeader[]; origin?: string }>

/**
 * What became of paying. `failed`: certainly nothing left the wallet. `unknown`: it may have; `lookup` asks again what became of it and never pays.
 * `proof` names the payment to others and is no secret: a payment hash, the nonce of an authorization, an idempotency key.
 */
export type PayResult =
  | Readonly<{ kind: 'paid'; credential: Credential; proof: string }>
  | Readonly<{ kind: 'failed'; reason: string }>
  | Readonly<{ kind: 'unknown'; detail: string; lookup: () => Promise<PayResult> }>

/** What is written down of a payment, for whoever must end it when this process can not. No key of a wallet is in it. `validBefore` in seconds. */
export type Kept = Readonly<
  | { kind: 'signed'; header: ProofHeader; proof: string; validBefore: number }
  | { kind: 'invoice'; invoice: string; proof: InvoiceProof; preimage?: string | undefined }
  | { kind: 'balance'; origin: string; idempotencyKey: string }
>

/**
 * One way to pay. `cost` is the most that it takes from the payer, in USD, by the wallet's own reckoning; `amount` is what leaves, without the rail's fee.
 * `most`: less may be taken.
 */
export type PaidBid = Readonly<{ offer: string; rail: RailName; cost: Money; amount: Money; payee: string; most?: true | undefined }>

/** One way this wallet could pay. `fee` is the part of its cost that is not its amount, `held` what the wallet has of the amount's asset, where it says so. */
export type Bid = PaidBid &
  Readonly<{
    fee: Money
    held?: Money
    /**
     * Pays or signs. `idempotencyKey` is one a logical request. `keep` writes down, durably, what the payment is: called before anything can leave. Called at
     * most once.
     */
    pay(o: Paying): Promise<PayResult>
  }>

export type Paying = Readonly<{ idempotencyKey: string; keep: (kept: Kept) => Promise<void> }>

/** Why a wallet cannot take an offer of its kind. */
export type Unfit = Pick<Refusal, 'reason' | 'detail'>

/** Something that can pay. `consider` moves nothing; undefined when the offer is for another kind of wallet. */
export interface Wallet {
  /** Its methods and intents by the names of the Payment scheme, such as `evm/charge`; none for what has no name there. */
  readonly speaks: readonly string[]
  consider(offer: Offer, challenge: Challenge): Promise<Bid | Unfit | undefined>
  /** What became of a payment that this wallet wrote down, perhaps in a process before this one; undefined when it is another wallet's. Pays nothing. */
  resume(kept: Kept): PayResult | undefined
}
