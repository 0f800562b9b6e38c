import type { Money } from '../money/money.ts'
import type { RailKind, RailName } from '../ports/railName.ts'
import type { Challenge } from './readChallenge.ts'

/** Headers that prove a payment. Sent again and again for the same request until it is answered; never made twice. */
export type Credential = Readonly<{ headers: readonly (readonly [string, string])[] }>

/**
 * What became of paying. `failed`: certainly nothing left the wallet. `unknown`: it may have; `lookup` asks again what became of it and never pays.
 */
export type PayResult =
  | Readonly<{ kind: 'paid'; credential: Credential }>
  | Readonly<{ kind: 'failed'; reason: string }>
  | Readonly<{ kind: 'unknown'; detail: string; lookup: () => Promise<PayResult> }>

/** One way this wallet could pay. `cost` is the most it takes from the payer, in USD, by the wallet's own reckoning. */
export type Bid = Readonly<{
  rail: RailName
  cost: Money
  amount: Money
  payee: string
  /** Pays or signs. `idempotencyKey` is one a logical request. Called at most once. */
  pay(o: { idempotencyKey: string }): Promise<PayResult>
}>

/** What a wallet makes of a 402: ways to pay, or why it has none. */
export type Consideration = Readonly<{ bids: readonly Bid[]; refused?: string }>

/** Something that can pay. `consider` moves nothing. */
export interface Wallet {
  readonly rail: RailKind
  consider(challenge: Challenge): Promise<Consideration>
}
