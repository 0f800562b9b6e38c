import { invariant } from '../../errors/invariant.ts'
import type { BlockContent } from '../../ledger/journal/blockData.ts'
import { accountId } from '../../ledger/journal/chart.ts'
import { entryBase } from '../../ledger/journal/legIds.ts'
import type { LedgerRecord } from '../../ledger/rows/record.ts'
import { type Transfer, TransferFlags } from '../../ports/ledger.ts'
import {
  type BlockRows,
  type ChangeKind,
  type ChangeMark,
  MARK_EVERY,
  type OpenHold,
  type ReadAccount,
  type ReadChange,
  type ReadEntry,
} from '../../ports/readModel.ts'
import { actRows } from './actRows.ts'
import { postToGroups } from './groups.ts'
import { accountOf, addToState, type LedgerState, type LiveAccount, recordChange } from './ledgerState.ts'
import { factRows, paymentChanges } from './paymentFacts.ts'

/** What of a block's rows follows from the ledger and from payments alone. */
type LedgerRows = Omit<BlockRows, 'events' | 'subjects' | 'listed'>

type Rows = {
  accounts: ReadAccount[]
  entries: ReadEntry[]
  changes: ReadChange[]
  marks: ChangeMark[]
  opened: OpenHold[]
  closed: bigint[]
}
/** What a change is, before it has its sides. */
type Cause = Omit<ReadChange, 'n' | 'debit' | 'credit'>

/** The rows that a block adds; `state` goes on from the block before it to this one. The same blocks give the same rows, however they are batched. */
export function projectBlock(state: LedgerState, seq: number, content: BlockContent): LedgerRows {
  const rows: Rows = { accounts: [], entries: [], changes: [], marks: [], opened: [], closed: [] }
  const transfers: Transfer[] = []
  const created = content.accounts[Symbol.iterator]()
  for (const record of content.records) {
    if (record.kind === 'transfer') transfers.push(record.transfer)
    else if (record.kind === 'account') rows.accounts.push(addAccount(state, record, created.next().value))
    // Holds expire before a block judges its submissions, so what expires comes before every transfer.
    else if (record.kind === 'expired') expireHold(state, rows, record)
  }
  let next = 0
  for (const { entry } of content.submissions) {
    if (!entry) continue
    const legs = transfers.slice(next, next + entry.legs)
    next += entry.legs
    const base = entryBase(entry.id)
    invariant(legs.length === entry.legs && legs[0]!.id === base, `the legs of ${entry.id} are in block ${seq}, in order`)
    state.entries += 1
    const { id, payment } = entry
    rows.entries.push({ n: state.entries, id, payment, seq, at: legs[0]!.timestamp, legs: legs.length })
    for (const [leg, transfer] of legs.entries()) bookTransfer(state, rows, transfer, leg)
  }
  invariant(next === transfers.length, `every transfer of block ${seq} belongs to an entry`)
  const facts = factRows(seq, content.submissions)
  return { seq, ...rows, facts, acts: actRows(seq, content.submissions), payments: paymentChanges(content.submissions) }
}

function addAccount(
  state: LedgerState,
  record: Extract<LedgerRecord, { kind: 'account' }>,
  named: BlockContent['accounts'][number] | undefined,
): ReadAccount {
  invariant(named, 'each account record has its path and asset')
  const { id, timestamp } = record.account
  invariant(accountId(named.path, named.asset) === id, `the account of ${named.path} is the one recorded`)
  const account: LiveAccount = {
    n: state.byNumber.length + 1,
    id,
    path: named.path,
    asset: named.asset,
    createdAt: timestamp,
    last: 0,
    changes: 0,
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
  }
  addToState(state, account)
  return { ...account }
}

function bookTransfer(state: LedgerState, rows: Rows, transfer: Transfer, leg: number): void {
  const { flags, amount, timestamp: at, timeout: timeoutS } = transfer
  const posts = (flags & TransferFlags.post_pending_transfer) !== 0
  if (posts || (flags & TransferFlags.void_pending_transfer) !== 0) {
    const hold = takeHold(state, rows, transfer.pendingId)
    const kind: ChangeKind = posts ? 'post' : 'void'
    const sides = sidesOf(state, transfer)
    changePending(sides, -hold.units)
    if (posts) changePosted(state, sides, amount)
    addChange(state, rows, sides, {
      entry: state.entries,
      leg,
      at,
      kind,
      units: posts ? amount : hold.units,
      hold: hold.change,
      timeoutS: 0,
    })
    return
  }
  const sides = sidesOf(state, transfer)
  if ((flags & TransferFlags.pending) === 0) {
    changePosted(state, sides, amount)
    addChange(state, rows, sides, { entry: state.entries, leg, at, kind: 'move', units: amount, hold: 0, timeoutS: 0 })
    return
  }
  changePending(sides, amount)
  const change = addChange(state, rows, sides, { entry: state.entries, leg, at, kind: 'hold', units: amount, hold: 0, timeoutS })
  const hold: OpenHold = { id: transfer.id, change, debit: sides.debit.n, credit: sides.credit.n, units: amount }
  state.holds.set(hold.id, hold)
  rows.opened.push(hold)
}

function expireHold(state: LedgerState, rows: Rows, record: Extract<LedgerRecord, { kind: 'expired' }>): void {
  const hold = takeHold(state, rows, record.pendingId)
  const [debit, credit] = [hold.debit, hold.credit].map((n) => state.byNumber[n - 1])
  invariant(debit && credit, `the accounts of hold ${hold.id} are known`)
  const sides = { debit, credit }
  changePending(sides, -hold.units)
  addChange(state, rows, sides, {
    entry: 0,
    leg: 0,
    at: record.timestamp,
    kind: 'expire',
    units: hold.units,
    hold: hold.change,
    timeoutS: 0,
  })
}

function takeHold(state: LedgerState, rows: Rows, id: bigint): OpenHold {
  const hold = state.holds.get(id)
  invariant(hold, `hold ${id} is open when the journal resolves it`)
  state.holds.delete(id)
  rows.closed.push(id)
  return hold
}

type Sides = Readonly<{ debit: LiveAccount; credit: LiveAccount }>

function sidesOf(state: LedgerState, transfer: Transfer): Sides {
  return { debit: accountOf(state, transfer.debitAccountId), credit: accountOf(state, transfer.creditAccountId) }
}

function changePosted(state: LedgerState, sides: Sides, units: bigint): void {
  sides.debit.debitsPosted += units
  sides.credit.creditsPosted += units
  postToGroups(state.groups, sides, units)
}

function changePending({ debit, credit }: Sides, units: bigint): void {
  debit.debitsPending += units
  credit.creditsPending += units
}

/** Adds the change that the sides have just gone through, and returns its number. */
function addChange(state: LedgerState, rows: Rows, sides: Sides, cause: Cause): number {
  state.changes += 1
  const n = state.changes
  rows.changes.push({ n, ...cause, debit: recordChange(state, sides.debit, n), credit: recordChange(state, sides.credit, n) })
  for (const account of [sides.debit, sides.credit]) {
    if (account.changes % MARK_EVERY === 0) rows.marks.push({ account: account.n, at: cause.at, change: n })
  }
  return n
}
