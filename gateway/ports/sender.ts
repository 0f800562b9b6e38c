import type { Money } from '../money/money.ts'
import type { AttemptId, Hex, PartyId } from './ids.ts'
import type { FailureReason, Outcome } from './outcome.ts'
import type { CustomRailName, EvmRailName, RailName } from './railName.ts'

/**
 * A record that travels with a payment to the payee's node alone (BOLT 4, custom TLV records): `type` is a decimal number of at least 65536, `value` is
 * hex. A podcast app tells what it pays for under 7629169. A payee may ignore an odd type and must give back a payment with an even one it does not know.
 */
export type TlvRecord = Readonly<{ type: string; value: string }>

/** Where a payee can be paid. */
export type Destination =
  | Readonly<{ kind: 'lightning_invoice'; invoice: string }>
  | Readonly<{ kind: 'lightning_node'; nodeId: string; records?: readonly TlvRecord[] }>
  /** A BOLT 12 offer, `lno1...`, for a backend that can pay one. */
  | Readonly<{ kind: 'lightning_offer'; offer: string }>
  /** A Lightning Address `name@host` (LUD-16), or an LNURL in any of its spellings: its server is asked for an invoice. */
  | Readonly<{ kind: 'lightning_address'; address: string }>
  | Readonly<{ kind: 'lnurl'; lnurl: string }>
  /** `on`: the only chain where it may be paid, such as that of a contract which stands there and nowhere else. */
  | Readonly<{ kind: 'evm_address'; address: Hex; on?: EvmRailName }>
  | Readonly<{ kind: 'iban'; iban: string; name: string }>
  /** An account in the US, in dollars: `routing` has nine digits (ABA), `holder` is whose it is, a person's where nothing is said. */
  | Readonly<{
      kind: 'us_account'
      routing: string
      account: string
      type: 'checking' | 'savings'
      name: string
      holder?: 'person' | 'company'
    }>
  | Readonly<{ kind: 'party'; party: PartyId }>
  /** A payee of a custom rail, as that rail spells it: a phone number, an account. */
  | Readonly<{ kind: 'custom'; rail: CustomRailName; account: string }>

/** `amount` in the rail's asset. */
export type PayoutQuery = Readonly<{ amount: Money; destination: Destination }>

/**
 * Cost terms for the router, in the rail's asset; integers only. `fee`: expected when it succeeds; `feeMax`: the limit to send with;
 * `failureFee`: expected when it fails; `successPpm`: probability in millionths; `secondsToFunds` until the payee has good money;
 * `secondsToFail` until we know that it failed; `available`: what can leave now. `gas`: how much of `fee` a chain takes, where it does, and what it
 * would take at a price that nine of ten recent blocks did not exceed. `route`, where a rail has one: its nodes, the payee included, and for
 * how many blocks of its chain a payment that nobody ends would lock the money.
 */
export type Estimate =
  | Readonly<{
      kind: 'possible'
      fee: Money
      feeMax: Money
      failureFee: Money
      successPpm: bigint
      secondsToFunds: bigint
      secondsToFail: bigint
      available: Money
      gas?: Readonly<{ now: Money; high: Money }>
      route?: Readonly<{ hops: number; lockBlocks: number }>
    }>
  /** `upTo`, where only the amount is too large: what one payment may be. `again`: several such may go, one beside the other. */
  | Readonly<{ kind: 'impossible'; reason: FailureReason; detail: string; upTo?: Money; again?: true }>

/**
 * What a try has otherwise than those of the same way before it: a higher limit on its fee; more and smaller parts inside the rail; an invoice of its own,
 * asked for now; nothing but a later time; the next window of its bank.
 */
export type Change = 'fee_limit' | 'more_parts' | 'fresh_invoice' | 'later' | 'next_window'

/**
 * One try on one rail. `id` is the rail's idempotency key: the same id never pays twice. `feeMax` can not be omitted. `railKey` is what `railKey` of the
 * rail said before the try was durable. `changed`: what it has otherwise than the first try of the same way; absent in that.
 */
export type Attempt = Readonly<{
  id: AttemptId
  amount: Money
  feeMax: Money
  destination: Destination
  reference: string
  railKey?: string
  changed?: readonly Change[]
}>

/** Sends money out. */
export interface Sender {
  readonly rail: RailName
  readonly asset: Money['asset']
  /** The kinds of destination this rail can pay. */
  readonly serves: readonly Destination['kind'][]
  /** Whether a fee is booked with the outcome that names it, or by the rail's own stream of `spent` settlements. */
  readonly feesComeBy: 'outcome' | 'stream'
  /** Refuses a destination that could never be paid, as text for the caller, or undefined when it is well formed. No I/O. */
  check(destination: Destination): string | undefined
  /**
   * Announces a new attempt, and says what becomes durable with it: by what the rail will know the payment, such as a payment hash, or the name of the
   * rail's own file, in which the attempt's id is written now. So a file that was lost, or is an older copy, is told from an attempt that was never sent.
   * The attempt may never come. Absent, or undefined, where there is no such thing. No network I/O.
   */
  railKey?(destination: Destination, id: AttemptId): string | undefined
  /** Whose server is asked for terms and for each payment to this destination; absent, or undefined, where none is. No I/O. */
  payeeHost?(destination: Destination): string | undefined
  /** Which account of ours on this rail the destination is, in words, or undefined; absent where a rail has none. No I/O. */
  owns?(destination: Destination): string | undefined
  /** What its chain takes for one usual payment at the price that was last heard of, from memory; absent where a rail has no such price, or not yet. */
  gasNow?(): Money | undefined
  /** Moves nothing. `impossible` is the rail's own word; one that does not answer throws, which is no refusal, and is asked again later. */
  estimate(query: PayoutQuery): Promise<Estimate>
  /**
   * Called only after the attempt is durable. Never throws: what is not certain is `unknown`. `acknowledged` is called, once or never, when the rail has the
   * attempt for good: `lookup` knows it from then on, and all that is left is to wait.
   */
  send(attempt: Attempt, options: { signal: AbortSignal; acknowledged?: () => void }): Promise<Outcome>
  /**
   * What became of it; `sent` is the attempt as it was, or was to be, sent. `never_sent` only when nothing can be under way any more: a rail whose own file
   * was lost says `unknown`, and `stuck` when only a person can find out.
   */
  lookup(id: AttemptId, sent?: Attempt): Promise<Outcome>
}
