import type { BreakKind, Side } from '../audit/matching/rows.ts'
import type { SignedProof } from '../audit/reconcile/threeWay.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { EntryId, SuspenseActionId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'

export type BreakId = `rb_${string}`

/** An adjustment of the books, in accounts. */
export type Adjustment = Readonly<{ debit: string; credit: string }>

/**
 * What was found. Units never negative: what was expected, and what moved, in `asset`; `movedAsset` where that is another. `statement` is absent of what no
 * statement says: a balance. `proposal` is what would end it, where an entry can.
 */
export type BreakData = Readonly<{
  rail: RailName
  kind: BreakKind
  side: Side
  account: string
  asset: string
  expected: string
  moved: string
  movedAsset?: string
  statement?: string
  day: string
  expectations: readonly string[]
  movements: readonly string[]
  /** What was matched under the same name before. */
  beside?: readonly string[]
  counterparty?: string
  text?: string
  proposal?: Adjustment
}>

/**
 * How it ended. `entry`: an operator's entry, by the action that booked it. `rule`: an entry of its own, within what is tolerated. `cleared`: the rail or the
 * ledger showed later what was missing. `accepted`: a person says that no entry is needed.
 */
export type ResolvedData = Readonly<{
  how: 'entry' | 'rule' | 'cleared' | 'accepted'
  by?: string
  action?: SuspenseActionId
  entry?: EntryId
  reason?: string
  evidence?: Readonly<{ text?: string; sha256?: string }>
}>

/** Every fact that this room writes. `id` of the first two is the statement's, behind its rail. */
export type ReconciliationFact =
  /** A part of what a statement and the ledger have in common. */
  | FactOf<'reconciliation.matched', string, Readonly<{ rail: RailName; expectations: readonly string[]; movements: readonly string[] }>>
  /** All of its lines are matched or in breaks. */
  | FactOf<
      'reconciliation.statement_read',
      string,
      Readonly<{
        rail: RailName
        statement: string
        account: string
        day: string
        asset: string
        opening: string
        closing: string
        lines: number
        matched: number
        breaks: number
      }>
    >
  | FactOf<'reconciliation.break_opened', BreakId, BreakData>
  /** A person is to look after it: `to`, by the word of `by`. */
  | FactOf<'reconciliation.break_assigned', BreakId, Readonly<{ by: string; to: string }>>
  /** An operator asked for the entry that would end it, which waits for a second one. */
  | FactOf<'reconciliation.break_asked', BreakId, Readonly<{ by: string; action: SuspenseActionId }>>
  /** What was asked for was taken back. */
  | FactOf<'reconciliation.break_reopened', BreakId, Readonly<{ action: SuspenseActionId }>>
  | FactOf<'reconciliation.break_resolved', BreakId, ResolvedData>
  /** What rails, the ledger and those whose money it is were told, at the end of a day, signed. Id: the day. */
  | FactOf<'reconciliation.day_proved', string, SignedProof>

const kinds = factKinds<ReconciliationFact>({
  'reconciliation.matched': true,
  'reconciliation.statement_read': true,
  'reconciliation.break_opened': true,
  'reconciliation.break_assigned': true,
  'reconciliation.break_asked': true,
  'reconciliation.break_reopened': true,
  'reconciliation.break_resolved': true,
  'reconciliation.day_proved': true,
})

export const toReconciliationFact = kinds.write
export const readReconciliationFact = kinds.read
