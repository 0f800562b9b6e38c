import type { BreakKind, Side } from '../audit/matching/rows.ts'
import { invariant } from '../errors/invariant.ts'
import type { Asset } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import type { SuspenseActionId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'
import type { SuspenseFact } from '../suspense/facts.ts'
import type { Adjustment, BreakData, BreakId, ReconciliationFact, ResolvedData } from './facts.ts'

export const BREAK_STATUSES = ['open', 'asked', 'resolved'] as const
export type BreakStatus = (typeof BREAK_STATUSES)[number]

/** A difference between a rail and the ledger, from the day it was found. Times in ms. `owner`: whose turn it is; undefined for any operator's. */
export type Break = Readonly<{
  id: BreakId
  rail: RailName
  kind: BreakKind
  side: Side
  account: string
  expected: Money
  moved: Money
  statement: string | undefined
  day: string
  expectations: readonly string[]
  movements: readonly string[]
  beside: readonly string[]
  counterparty: string | undefined
  text: string | undefined
  proposal: Adjustment | undefined
  openedAt: number
  status: BreakStatus
  owner: string | undefined
  /** Who gave it to its owner, and when (ms); undefined where that was its own doing. */
  assigned: Readonly<{ by: string; at: number }> | undefined
  action: Readonly<{ id: SuspenseActionId; status: 'waiting' | 'booked' | 'canceled' }> | undefined
  /** How often its entry was asked for. */
  turn: number
  resolution: (ResolvedData & Readonly<{ at: number }>) | undefined
}>

/** The facts that a break learns from: its own, and what became of the action that was asked for. */
export type BreakFact =
  | Extract<ReconciliationFact, { id: BreakId }>
  | Extract<SuspenseFact, { type: 'suspense.booked' | 'suspense.canceled' }>

type AssetOf = (id: string) => Asset

/** The break after one more fact about it. A fact that cannot follow what stands is an impossible state. */
export function evolve(one: Break | undefined, fact: BreakFact, assetOf: AssetOf): Break {
  if (fact.type === 'reconciliation.break_opened') {
    invariant(!one, `${fact.id} was opened twice`)
    return opened(fact.id, fact.at, fact.data, assetOf)
  }
  invariant(one, `${fact.type} ${fact.id} speaks of a break that was not opened`)
  switch (fact.type) {
    case 'reconciliation.break_assigned':
      return { ...one, owner: fact.data.to, assigned: { by: fact.data.by, at: fact.at } }
    case 'reconciliation.break_asked': {
      const { by, action } = fact.data
      return { ...one, status: 'asked', owner: by, action: { id: action, status: 'waiting' }, turn: one.turn + 1 }
    }
    case 'reconciliation.break_reopened':
      return { ...one, status: 'open', action: undefined }
    case 'reconciliation.break_resolved':
      return { ...one, status: 'resolved', resolution: { ...fact.data, at: fact.at } }
    case 'suspense.booked':
    case 'suspense.canceled': {
      const status = fact.type === 'suspense.booked' ? 'booked' : 'canceled'
      return one.action ? { ...one, action: { id: one.action.id, status } } : one
    }
  }
}

function opened(id: BreakId, at: number, data: BreakData, assetOf: AssetOf): Break {
  const asset = assetOf(data.asset)
  const { rail, kind, side, account, statement, day, expectations, movements, counterparty, text, proposal } = data
  return {
    id,
    rail,
    kind,
    side,
    account,
    expected: money(asset, BigInt(data.expected)),
    moved: money(data.movedAsset === undefined ? asset : assetOf(data.movedAsset), BigInt(data.moved)),
    statement,
    day,
    expectations,
    movements,
    beside: data.beside ?? [],
    counterparty,
    text,
    proposal,
    openedAt: at,
    status: 'open',
    owner: undefined,
    assigned: undefined,
    action: undefined,
    turn: 0,
    resolution: undefined,
  }
}

/** What the rail has more than the books by this; negative where it has less. Undefined where the two are in different assets. */
export function difference({ side, expected, moved }: Pick<Break, 'side' | 'expected' | 'moved'>): Money | undefined {
  if (expected.asset.id !== moved.asset.id) return undefined
  const units = moved.units - expected.units
  return money(expected.asset, side === 'in' ? units : -units)
}

/** True of what a rail shows and nothing in the ledger is: the ledger may have it yet. */
export function isAlone({ kind, expectations, movements, beside }: Break): boolean {
  return (kind === 'unexpected' || kind === 'fee_mismatch') && expectations.length === 0 && movements.length === 1 && beside.length === 0
}
