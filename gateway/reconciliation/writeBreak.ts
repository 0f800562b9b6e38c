import type { FoundBreak, Match, RowKind } from '../audit/matching/rows.ts'
import { submitWhenRoom } from '../ledger/process/submit.ts'
import type { Asset } from '../money/asset.ts'
import type { Books, Leg } from '../ports/books.ts'
import type { RailName } from '../ports/railName.ts'
import type { ClosedStatement, RailMovement } from '../ports/statement.ts'
import type { ReconciliationContext } from './context.ts'
import { type Adjustment, type BreakData, type BreakId, toReconciliationFact } from './facts.ts'
import { proposalFor } from './proposal.ts'

/** Where it was found. `lines`: what the statement says of what is in question. */
type About = Readonly<{ rail: RailName; statement: ClosedStatement; account: string; lines: ReadonlyMap<string, RailMovement> }>

const CLEARED = 'cleared'
/** A rail that says one thing and the other for days is a person's by then. */
const REOPENED_MAX = 10_000

/** How a break ends: by nobody, and once. */
export function endOf(id: string): string {
  return `reconciliation:${id}:ended`
}

/** Opens it, once however often its statement is read. */
export async function openBreak(c: ReconciliationContext, about: About, found: FoundBreak): Promise<void> {
  await openAs(c, breakData(c, about, found))
}

/**
 * Opens it as it is, once for its first line or expectation; false where that was done before. One that ended because the rail or the ledger showed otherwise
 * is opened again when they show it again; what a person or an entry ended stays ended.
 */
export async function openAs(c: Pick<ReconciliationContext, 'books' | 'clock' | 'ids' | 'log'>, data: BreakData): Promise<boolean> {
  const fact = toReconciliationFact({ type: 'reconciliation.break_opened', id: c.ids.next('rb_'), at: c.clock.now(), data })
  const key = freeKey(c.books, openingOf(data).key)
  if (key === undefined) return false
  const outcome = await submitWhenRoom(c.books, { claims: [{ key, fingerprint: fact.id }], facts: [fact] })
  if (outcome.kind !== 'applied') return false
  c.log.warn({ rail: data.rail, kind: data.kind, break: fact.id }, 'the rail and the ledger differ')
  return true
}

/** The name under which it may be opened; undefined where it stands, or is ended for good. */
function freeKey({ claim }: Pick<Books, 'claim'>, first: string): string | undefined {
  let key = first
  for (let times = 0; times < REOPENED_MAX; times++) {
    const before = claim(key)
    if (!before) return key
    if (claim(endOf(before.fingerprint))?.fingerprint !== CLEARED) return undefined
    key = `${first}:after:${before.fingerprint}`
  }
  return undefined
}

/** What is within what the operator declared: the books follow the rail at once, by an entry of its own. Where they cannot, a person looks. */
export async function openTolerated(c: ReconciliationContext, about: About, match: Match): Promise<void> {
  const found = toleratedBreak(match, about)
  const data = breakData(c, about, found)
  const [id, at] = [c.ids.next('rb_'), c.clock.now()]
  const opened = toReconciliationFact({ type: 'reconciliation.break_opened', id, at, data })
  const units = found.moved > found.expected ? found.moved - found.expected : found.expected - found.moved
  if (data.proposal) {
    const entry = { id: c.ids.entry(), payment: id, legs: [legOf(data.proposal, c.assetOf(found.asset), units)] }
    const resolved = toReconciliationFact({ type: 'reconciliation.break_resolved', id, at, data: { how: 'rule', entry: entry.id } })
    const claims = [openingOf(data), { key: endOf(id), fingerprint: 'rule' }]
    const outcome = await submitWhenRoom(c.books, { claims, facts: [opened, resolved], entry })
    if (outcome.kind !== 'declined') return
  }
  await submitWhenRoom(c.books, { claims: [openingOf(data)], facts: [opened] })
}

/** Ends what the rail or the ledger showed later. Does nothing to one that ended meanwhile. */
export async function resolveCleared(c: Pick<ReconciliationContext, 'books' | 'clock'>, id: BreakId, reason: string): Promise<void> {
  const fact = toReconciliationFact({ type: 'reconciliation.break_resolved', id, at: c.clock.now(), data: { how: 'cleared', reason } })
  await submitWhenRoom(c.books, { claims: [{ key: endOf(id), fingerprint: CLEARED }], facts: [fact] })
}

/** What was missing is there, or is not waited for any more: the rail has refused it since. */
export async function clearEnded(c: ReconciliationContext, rail: RailName): Promise<void> {
  for (const one of c.records.open()) {
    if (one.rail !== rail || one.kind !== 'missing' || one.status !== 'open') continue
    const row = c.expected.get(one.expectations[0]!)
    if (row?.missing === one.id && row.state !== 'shown') continue
    await resolveCleared(c, one.id, row ? 'A later statement shows it' : 'It was shown later, or the rail has refused it since')
  }
}

function openingOf({ rail, kind, movements, expectations }: BreakData) {
  return { key: `reconciliation:${rail}:${kind}:${movements[0] ?? expectations[0]}`, fingerprint: 'opened' }
}

function breakData(c: ReconciliationContext, { rail, statement, account, lines }: About, found: FoundBreak): BreakData {
  const { kind, side, asset, expected, moved, movedAsset, beside } = found
  const line = lines.get(found.movements[0] ?? '')
  const row = c.expected.get(found.expectations[0] ?? '')
  const more = side === 'in' ? moved > expected : moved < expected
  const of: RowKind = line?.kind ?? row?.kind ?? 'payment'
  const proposal = proposalFor({ kind, of, rail, account, more, waits: kind === 'missing' && row?.state === 'under_way' })
  const who = line?.counterparty ?? row?.counterparty
  return {
    rail,
    kind,
    side,
    account,
    asset,
    expected: expected.toString(),
    moved: moved.toString(),
    ...(movedAsset === undefined ? {} : { movedAsset }),
    statement: statement.id,
    day: line?.day ?? statement.day,
    expectations: found.expectations,
    movements: found.movements,
    ...(beside === undefined ? {} : { beside }),
    ...(who === undefined ? {} : { counterparty: who }),
    ...(line?.text === undefined ? {} : { text: line.text }),
    ...(proposal === undefined ? {} : { proposal }),
  }
}

/** Both sides as a break shows them. */
function toleratedBreak({ side, asset, expected, expectations, movements, difference }: Match, { lines }: About): FoundBreak {
  const kind = lines.get(movements[0]!)?.kind === 'fee' ? 'fee_mismatch' : 'amount'
  return { kind, side, asset, expectations, movements, expected, moved: expected + difference }
}

function legOf({ debit, credit }: Adjustment, asset: Asset, units: bigint): Leg {
  return { kind: 'move', debit, credit, asset, units }
}
