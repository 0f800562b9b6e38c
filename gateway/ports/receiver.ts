import type { Money } from '../money/money.ts'
import type { Cursor, Hex } from './ids.ts'
import type { Outcome } from './outcome.ts'
import type { RailName } from './railName.ts'
import type { ReturnMeaning } from './returnMeaning.ts'
import type { TlvRecord } from './sender.ts'

/**
 * `amount` in the asset of the rail; `expiresAt` in ms. `ref` is 32 bytes that name the intent or challenge; `description` reaches the payer.
 * `descriptionHash`: a BOLT 11 invoice commits to this SHA-256 (field `h`, as LNURL asks) and carries no description; other rails pass it over.
 * `upto`: the payer is to sign a maximum, of which what the work used is taken; a rail that cannot throws `rail_unavailable`.
 */
export type OfferRequest = Readonly<{
  amount: Money
  ref: Hex
  expiresAt: number
  description: string
  descriptionHash?: Hex
  splitId?: Hex
  upto?: true
}>

/**
 * What a payer of a chain signs: an exact amount by the token's own EIP-3009 or by Permit2, a maximum by Permit2 (x402 `upto`), or a
 * voucher of a channel (x402 `batch-settlement`).
 */
export type SignedBy = 'eip3009' | 'permit2' | 'upto' | 'channel'

/** What a payer's wallet needs, per kind of wire. */
export type OfferWire =
  | Readonly<{ kind: 'bolt11'; invoice: string; paymentHash: string; network: 'mainnet' | 'testnet' | 'signet' | 'regtest' }>
  | Readonly<{
      kind: 'evm'
      chainId: number
      token: Hex
      tokenName: string
      tokenVersion: string
      hub: Hex
      splitId: Hex
      ref: Hex
      payTo: Hex
      /** How a payer may sign; by EIP-3009 alone when absent. */
      signed?: readonly SignedBy[]
      /** Who collects what is signed as a maximum: an account of ours, which the payer names. */
      facilitator?: Hex
      /**
       * What a channel must name: who claims its vouchers, an account of ours, and how long its payer waits for a withdrawal. `depositMin`: what is to be put
       * into it at least, in units of the token.
       */
      channel?: Readonly<{ authorizer: Hex; withdrawDelayS: number; depositMin?: bigint }>
    }>
  | Readonly<{ kind: 'bank'; iban: string; name: string; remittance: string }>
  /** What a payer of a custom rail fills in, by the names that a person reads: `{ Account: '4711', Reference: 'RF18...' }`. */
  | Readonly<{ kind: 'custom'; fields: Readonly<Record<string, string>> }>

/** `reference` is how a later Settlement names this offer. */
export type OfferTerms = Readonly<{ rail: RailName; amount: Money; expiresAt: number; reference: string; wire: OfferWire }>

/**
 * One thing a rail says moved, final by the rail's policy. `id` is unique on the rail, so booking it twice is impossible.
 * - `received`: money came in at `place`; `reference` names the offer or authorization it pays, if it says. With `attemptId`
 *   it is what that attempt paid, come back, perhaps less what the other side kept; `reason` says why.
 * - `swept`: a split's receiver was emptied into the hub. - `claimed`: a payee took `amount` of a split out of the hub.
 * - `deposited`: a payer put money into a voucher channel of a split; `channelId` names it, and `channel` its terms when it was opened by this.
 * - `vouched`: vouchers moved money from channels of a split into its pot. - `withdrawn`: the rest of a channel, perhaps nothing, went back to its payer.
 * - `demoted`: the chain replaced the block of an earlier settlement below the rail's finality; `takesBack` names it. What lands again comes as a
 *   settlement of its own, under another id. Without `takesBack` the payout `attemptId` was settled and came to nothing: `amount` is still at `place`.
 * - `spent`: a cost that the rail itself took from `place` (gas, a bank's charge); `attemptId` when it belongs to one.
 * - `moved`: ours before and after, from `place` to `toPlace` (a closed Lightning channel, on its way to the wallet).
 * - `funded`: the operator's own money came to `place` from outside (a Lightning channel that was opened with something on our side).
 */
export type Settlement = Readonly<{
  kind: MovementKind | 'demoted'
  id: string
  /** What moved, in whichever block it stands: the same under two ids, of which none is taken back, is the same money twice. Absent where the id says it. */
  movement?: string
  cursor: Cursor
  rail: RailName
  place: string
  toPlace?: string
  amount: Money
  at: number
  reference?: string
  splitId?: Hex
  account?: Hex
  attemptId?: string
  /** Of money that came in: the attempt of ours that its payer names, which the rail does not say it came back of. */
  namesAttempt?: string
  payer?: string
  /** The account that a bank transfer came from: where it can go back to. */
  payerIban?: string
  /** What the payer wrote, in the payer's own words: a bank's remittance information. */
  remittance?: string
  /** Why a payout came back, by the rail's own code. */
  reason?: string
  /** What that code means, and what is to be done. */
  meaning?: ReturnMeaning
  channelId?: Hex
  channel?: Readonly<{ salt: bigint; closer: Hex }>
  proof?: string
  /** What the payer's wallet sent along with a Lightning payment. */
  records?: readonly TlvRecord[]
  takesBack?: Readonly<{ kind: MovementKind; id: string }>
}>

export type MovementKind = 'received' | 'swept' | 'claimed' | 'spent' | 'moved' | 'funded' | 'deposited' | 'vouched' | 'withdrawn'

/** Makes offers and reports money that arrived. */
export interface Receiver {
  readonly rail: RailName
  readonly asset: Money['asset']
  /** It makes no offers: what comes there is told, and was asked for by nobody here. */
  readonly paysOutOnly?: true
  /** Terms on which this amount can be received. Moves nothing. Throws `rail_unavailable` when the rail does not answer in time. */
  offer(request: OfferRequest): Promise<OfferTerms>
  /** What receiving one payment of this amount, in the rail's asset, is expected to cost us now, such as gas, from memory; absent where it is free. */
  cost?(amount: Money): Money
  /** Until what a payer sends at `at` (ms) is good funds here, from memory; absent where that is within seconds. */
  secondsToFunds?(at: number): bigint
  /** All settlements after `after`, first those missed, then live ones, in a fixed order, until the signal aborts. */
  settlements(after: Cursor, options: { signal: AbortSignal }): AsyncIterable<Settlement>
}

/**
 * EIP-3009 `TransferWithAuthorization` (to any address) or `ReceiveWithAuthorization` (to the hub, nonce = hash of splitId and ref); or Permit2 by x402's
 * proxies, `permit2` for an exact amount and `upto` for at most `value`: `nonce` is then the 32 bytes of Permit2's number, and `validBefore` its deadline,
 * which it includes as `validAfter` is included.
 */
export type Authorization = Readonly<{
  kind: 'transfer' | 'receive' | 'permit2' | 'upto'
  chainId: number
  token: Hex
  from: Hex
  to: Hex
  value: bigint
  validAfter: bigint
  validBefore: bigint
  nonce: Hex
  signature: Hex
  splitId?: Hex
  ref?: Hex
  /** Of a maximum: who alone can collect it, and how much of it is taken. */
  facilitator?: Hex
  charge?: bigint
}>

/**
 * `patient`: nobody waits for it, so it may wait a moment for others that go in the same transaction. `onSent`: it is signed and durable, and what is left is
 * for the chain; told once, and not of what ends unsent.
 */
type CollectOptions = Readonly<{ signal: AbortSignal; patient?: boolean; onSent?: () => void }>

/** Collects money that a payer authorised by signature. `id` is ours and makes a retry harmless; so does the nonce, on chain. */
export interface Collector {
  collect(id: string, authorization: Authorization, options: CollectOptions): Promise<Outcome>
  lookupCollection(id: string): Promise<Outcome>
  /** What collecting so many together is expected to cost now, from memory; absent where it is free. */
  collectionCost?(rows: bigint): Money
}

/** What the code of an account says of a signature; whatever is not the right word is `no`. */
export type CodeWord = 'yes' | 'no' | 'no_code'

/** Collects for whom nothing was promised yet, such as whoever hands over an authorization without a key. Both throw `rail_unavailable`. */
export interface OpenCollector {
  /**
   * As `collect`, but what a simulation refuses now is answered `failed` and not kept, so that the same may come again. Another that spends the same
   * nonce is waited for. `id` names the whole proof, whose signature the caller has verified.
   */
  collectIfGood(id: string, authorization: Authorization, options: { signal: AbortSignal }): Promise<Outcome>
  /** Whether the code of an account, as it stands, takes the signature for its own (ERC-1271). What it burns and answers is bounded. */
  askCode(account: Hex, digest: Hex, signature: Hex): Promise<CodeWord>
}

/** A row of a split's table with what proves to the contract that it belongs there. */
export type ShareProof = Readonly<{
  root: Hex
  totalShares: bigint
  metadataHash: Hex
  account: Hex
  shares: bigint
  proof: readonly Hex[]
}>

/** What the contract owes to a row by now, and what of its split is not divided yet: units of the chain's token. */
export type ShareHeld = Readonly<{ owed: bigint; inReceiver: bigint }>

/**
 * Moves what a split's receiver holds into the hub, and pays a payee's entitlement out of it. Anyone may; both are idempotent on chain. The same `id` again
 * asks what became of it.
 */
export interface SplitOperator {
  sweep(id: string, splitId: Hex): Promise<Outcome>
  claim(id: string, share: ShareProof): Promise<Outcome>
  /** At the newest final block, said alike by both nodes where two are configured. Throws `rail_unavailable`. */
  shareHeld(splitId: Hex, share: ShareProof): Promise<ShareHeld>
  /** What either is expected to cost now, from memory. Throws `rail_unavailable` while no price is known. */
  splitCost(step: 'sweep' | 'claim'): Money
}
