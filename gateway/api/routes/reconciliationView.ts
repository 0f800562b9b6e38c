import { floorDivCount, max } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { type Break, difference } from '../../reconciliation/break.ts'
import { nextStep } from '../../reconciliation/proposal.ts'
import type { StatementRead } from '../../reconciliation/readStatement.ts'
import { moneyView } from '../http/views.ts'

/** Ids of either side that an answer shows; of more it says how many there are. */
const IDS_MAX = 100
const SECOND_MS = 1_000

/** A break for the API. `now` in ms, for its age. */
export function breakView(one: Break, now: number) {
  const by = difference(one)
  return {
    id: one.id,
    object: 'break',
    status: one.status,
    kind: one.kind,
    rail: one.rail,
    account: one.account,
    side: one.side,
    expected: moneyView(one.expected),
    moved: moneyView(one.moved),
    difference: by === undefined ? null : moneyView(by),
    statement: one.statement ?? null,
    day: one.day,
    opened_at: new Date(one.openedAt).toISOString(),
    age_s: floorDivCount(max(now - one.openedAt, 0), SECOND_MS),
    owner: one.owner ?? null,
    assigned_by: one.assigned?.by ?? null,
    assigned_at: one.assigned === undefined ? null : new Date(one.assigned.at).toISOString(),
    counterparty: one.counterparty ?? null,
    text: one.text ?? null,
    expectations: one.expectations.slice(0, IDS_MAX),
    expectation_count: one.expectations.length,
    movements: one.movements.slice(0, IDS_MAX),
    movement_count: one.movements.length,
    matched_before: one.beside,
    next_step: one.status === 'resolved' ? null : nextStep(one.kind),
    proposal: one.proposal && by ? { debit: one.proposal.debit, credit: one.proposal.credit, amount: moneyView(sizeOf(by)) } : null,
    action: one.action?.id ?? one.resolution?.action ?? null,
    resolution: one.resolution === undefined ? null : resolutionView(one.resolution),
  }
}

function sizeOf({ asset, units }: Money): Money {
  return money(asset, units < 0n ? -units : units)
}

function resolutionView({ how, by, entry, reason, evidence, at }: NonNullable<Break['resolution']>) {
  const what = { how, by: by ?? null, at: new Date(at).toISOString(), entry: entry ?? null, reason: reason ?? null }
  return evidence === undefined ? what : { ...what, evidence }
}

export function readView({ rail, statement, lines, matched, breaks }: StatementRead) {
  return { rail, statement, lines, matched, breaks }
}
