import type { Money } from '../money/money.ts'
import type { Cursor, Hex } from './ids.ts'
import type { RailName } from './railName.ts'

/**
 * What a rail itself says it holds for us at one place. `inFlight` names what explains a difference to the ledger: ours that left but is not final, so that
 * the rail holds less; negative when it holds more, because it counts already what is not reported yet, or still what the ledger has let go. `payments` are
 * the payments out that a line tells of, by the id of their attempt or the rail's own key of it, so that none is counted by our word too. `cursor` is the
 * position in the rail's stream of settlements that this amount stands at: what comes after it is not in the amount. `told`: what of the amount the stream
 * tells from its beginning; a rail without either has no stream that tells of what was there before.
 */
export type RailBalance = Readonly<{
  place: string
  amount: Money
  at: number
  cursor?: Cursor
  told?: Money
  inFlight: readonly Readonly<{ what: string; amount: Money; payments?: readonly string[] }>[]
}>

/**
 * What is under way on a rail as the domain knows it: attempts without an outcome, and, negative because the rail may hold it first, authorizations not
 * collected yet. `names`: what a rail may know it by.
 */
export type InFlight = Readonly<{ rail: RailName; place: string; what: string; amount: Money; names?: readonly string[] }>

/** The contract's own word about one split: in its pot (received, paid out), still in its receiver, and unclaimed in its voucher channels. */
export type PotBalance = Readonly<{ splitId: Hex; received: bigint; paidOut: bigint; inReceiver: bigint; inChannels: bigint }>

/** For reconciliation: the rail's own word, never ours. Throws `rail_unavailable` when it does not answer. */
export interface Statement {
  balances(): Promise<readonly RailBalance[]>
  /**
   * What left our accounts and nothing here has sent, as long as the rail says that it did: the newest, at most a thousand. Absent where a rail cannot tell;
   * undefined while it cannot.
   */
  strangers?(): Promise<readonly Stranger[] | undefined>
}

/** A movement at a place of the rail, named by what nobody else's has: a transaction with the place of its log in a block. */
export type Stranger = RailMovement & Readonly<{ place: string }>

/** The chain's word about splits. */
export interface PotStatement {
  pots(splitIds: readonly Hex[]): Promise<readonly PotBalance[]>
}

/** What a rail has closed: `closing` is `opening` and its movements. `day` as 2026-11-24, the last that it covers; `at` in ms, when it was made. */
export type ClosedStatement = Readonly<{ id: string; place: string; day: string; at: number; opening: Money; closing: Money }>

/**
 * One booking as a closed statement lists it. `names`: what we may know it by, the rail's own reference first. `batch`: the file of ours that it is of, where
 * the rail does not say which payment.
 */
export type RailMovement = Readonly<{
  id: string
  kind: 'payment' | 'fee'
  side: 'in' | 'out'
  amount: Money
  day: string
  names: readonly string[]
  batch?: string
  counterparty?: string
  /** What the other side wrote. */
  text?: string
}>

/** For reconciliation line by line, of a rail that closes its days as a bank does. */
export interface ClosedDays {
  /** The oldest first, from those whose day is this one; a bounded number. */
  statements(fromDay: string): Promise<readonly ClosedStatement[]>
  /** Each booking is in one statement alone. */
  movements(statement: string): AsyncIterable<RailMovement>
  /** By what the rail knows an attempt of ours; undefined of one that it has not. */
  knownAs(attempt: string): Readonly<{ names: readonly string[]; batch?: string; counterparty?: string }> | undefined
  /** On which day what was begun then (ms) is on a statement, or is missing. */
  dueDay(at: number): string
}
