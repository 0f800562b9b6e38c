import { createMatcher, type Matched } from '../audit/matching/matcher.ts'
import type { Movement } from '../audit/matching/rows.ts'
import type { ClosedStatement, RailMovement } from '../ports/statement.ts'
import { type Break, isAlone } from './break.ts'
import type { ClosingRail, ReconciliationContext } from './context.ts'
import type { Expected } from './expected.ts'

const DAY_MS = 86_400_000

export type StatementMatch = Matched & Readonly<{ lines: number; carried: ReadonlyMap<string, Break> }>

/** What a statement and the ledger have in common, and what not, as things stand now; writes nothing. Lines that were judged before are left out. */
export async function matchStatement(
  c: ReconciliationContext,
  { rail, days }: ClosingRail,
  statement: ClosedStatement,
): Promise<StatementMatch> {
  const tolerances = c.tolerances
    .filter((t) => t.rail === rail)
    .map(({ kind, amount }) => ({ kind, asset: amount.asset.id, units: amount.units }))
  const matcher = createMatcher({ tolerances })
  for (const row of c.expected.of(rail)) matcher.expect(expectationOf(row, days))
  const carried = new Map<string, Break>()
  for (const one of c.records.open()) {
    if (one.rail !== rail || one.status !== 'open' || !isAlone(one)) continue
    const [id] = one.movements
    carried.set(id!, one)
    matcher.take(carriedMovement(one, id!))
  }
  let lines = 0
  for await (const movement of days.movements(statement.id)) {
    lines++
    if (!carried.has(movement.id) && !c.expected.isJudged(rail, movement.id)) matcher.take(movementOf(movement))
  }
  return { ...matcher.finish(dayNumber(statement.day)), lines, carried }
}

function expectationOf({ id, side, kind, asset, units, at, names, attempt, counterparty }: Expected, days: ClosingRail['days']) {
  const known = attempt === undefined ? undefined : days.knownAs(attempt)
  return {
    id,
    side,
    kind,
    asset,
    units: BigInt(units),
    day: dayOf(at),
    dueDay: dayNumber(days.dueDay(at)),
    names: known ? [...names, ...known.names] : names,
    batch: known?.batch,
    counterparty: counterparty ?? known?.counterparty,
  }
}

function movementOf({ id, side, kind, amount, day, names, batch, counterparty }: RailMovement): Movement {
  return { id, side, kind, asset: amount.asset.id, units: amount.units, day: dayNumber(day), names, batch, counterparty }
}

function carriedMovement({ side, kind, moved, day, counterparty }: Break, id: string): Movement {
  const of = kind === 'fee_mismatch' ? 'fee' : 'payment'
  return { id, side, kind: of, asset: moved.asset.id, units: moved.units, day: dayNumber(day), names: [id], counterparty }
}

function dayNumber(day: string): number {
  return dayOf(Date.parse(day))
}

function dayOf(at: number): number {
  return (at - (at % DAY_MS)) / DAY_MS
}
