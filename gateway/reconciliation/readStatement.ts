import { setTimeout as pause } from 'node:timers/promises'
import type { FoundBreak, Match } from '../audit/matching/rows.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { submitWhenRoom } from '../ledger/process/submit.ts'
import type { ClosedStatement, RailMovement } from '../ports/statement.ts'
import type { ClosingRail, ReconciliationContext } from './context.ts'
import { statementKey } from './expected.ts'
import { toReconciliationFact } from './facts.ts'
import { matchStatement, type StatementMatch } from './matchStatement.ts'
import { clearEnded, openBreak, openTolerated, resolveCleared } from './writeBreak.ts'

/** What is read and not booked yet is looked for so often. */
const LOOKS_MAX = 5
/** Ids of one side in one fact. */
const IDS_MAX = 250

export type StatementRead = Readonly<{ rail: string; statement: string; lines: number; matched: number; breaks: number }>

/** Matches a statement with the ledger and writes what came of it; a run that is cut off goes on where it was. Undefined where it was read before. */
export async function readStatement(c: ReconciliationContext, of: ClosingRail, statement: ClosedStatement): Promise<StatementRead> {
  const found = await matchUntilBooked(c, of, statement)
  const account = accounts.rail(of.rail, statement.place)
  const fresh = found.breaks.filter((one) => isNew(c, found, one))
  const tolerated = found.matches.filter(({ difference }) => difference !== 0n)
  const about = { rail: of.rail, statement, account, lines: await linesOf(of, statement, [...fresh, ...tolerated]) }
  await writeMatches(
    c,
    of,
    found.matches.filter(({ difference }) => difference === 0n),
  )
  for (const match of tolerated) await openTolerated(c, about, match)
  for (const one of fresh) await openBreak(c, about, one)
  await clearEnded(c, of.rail)
  await resolveCarried(c, found)
  const matched = found.matches.reduce((sum, { movements }) => sum + movements.length, 0)
  const read = { rail: of.rail, statement: statement.id, lines: found.lines, matched, breaks: fresh.length }
  await writeRead(c, account, statement, read)
  return read
}

async function matchUntilBooked(c: ReconciliationContext, of: ClosingRail, statement: ClosedStatement): Promise<StatementMatch> {
  for (let looks = 1; ; looks++) {
    const found = await matchStatement(c, of, statement)
    const lone = found.breaks.some((one) => one.expectations.length === 0 && mayBeBooked(one) && isNew(c, found, one))
    if (!lone || looks === LOOKS_MAX) return found
    await pause(c.lookAgainMs)
  }
}

/** The ledger books receipts and charges after the rail has told of them; of a payment out it knows before. */
function mayBeBooked({ side, kind }: FoundBreak): boolean {
  return side === 'in' || kind === 'fee_mismatch'
}

/** False of what a break stands for already: a line that is still nobody's, or a payment that is still missing. */
function isNew(c: ReconciliationContext, { carried }: StatementMatch, { kind, expectations, movements }: FoundBreak): boolean {
  if (kind === 'missing') return c.expected.get(expectations[0]!)?.missing === undefined
  return expectations.length > 0 || movements.length > 1 || !carried.has(movements[0]!)
}

/** What the statement says of the lines that people will look at. */
async function linesOf(
  of: ClosingRail,
  statement: ClosedStatement,
  looked: readonly (FoundBreak | Match)[],
): Promise<ReadonlyMap<string, RailMovement>> {
  const wanted = new Set(looked.flatMap(({ movements }) => movements))
  const lines = new Map<string, RailMovement>()
  if (wanted.size === 0) return lines
  for await (const line of of.days.movements(statement.id)) if (wanted.has(line.id)) lines.set(line.id, line)
  return lines
}

async function writeMatches(c: ReconciliationContext, { rail }: ClosingRail, matches: readonly Match[]): Promise<void> {
  let [expectations, movements]: [string[], string[]] = [[], []]
  const write = async () => {
    const data = { rail, expectations, movements }
    const fact = toReconciliationFact({ type: 'reconciliation.matched', id: rail, at: c.clock.now(), data })
    await submitWhenRoom(c.books, { facts: [fact] })
    expectations = []
    movements = []
  }
  for (const match of matches) {
    expectations.push(...match.expectations)
    movements.push(...match.movements)
    if (expectations.length + movements.length >= IDS_MAX) await write()
  }
  if (expectations.length + movements.length > 0) await write()
}

/** A line that was nobody's, and is somebody's now. */
async function resolveCarried(c: ReconciliationContext, { carried, matches, breaks }: StatementMatch): Promise<void> {
  const together = [...matches, ...breaks.filter(({ expectations, movements }) => expectations.length + movements.length > 1)]
  const reason = 'The ledger has it now'
  for (const id of together.flatMap(({ movements }) => movements)) {
    const one = carried.get(id)
    if (one) await resolveCleared(c, one.id, reason)
  }
}

async function writeRead(
  c: ReconciliationContext,
  account: string,
  { opening, closing, day }: ClosedStatement,
  read: StatementRead,
): Promise<void> {
  const { statement, lines, matched, breaks } = read
  const rail = read.rail as ClosingRail['rail'] // It came from there.
  const sums = { asset: closing.asset.id, opening: opening.units.toString(), closing: closing.units.toString() }
  const data = { rail, statement, account, day, ...sums, lines, matched, breaks }
  const id = statementKey(rail, statement)
  const fact = toReconciliationFact({ type: 'reconciliation.statement_read', id, at: c.clock.now(), data })
  await submitWhenRoom(c.books, { claims: [{ key: `reconciliation:${id}`, fingerprint: 'read' }], facts: [fact] })
}
