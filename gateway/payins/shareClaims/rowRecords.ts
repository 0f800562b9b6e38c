import type { Split, Splits } from '../../parties/party/splits.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { AttemptId, Hex } from '../../ports/ids.ts'
import { type EvmRailName, railKind } from '../../ports/railName.ts'
import { type BookedFact, type DemotedFact, readSettlementFact } from '../settlement/facts.ts'
import { type ClaimStep, readShareClaimFact, type ShareClaimEnded } from './facts.ts'

/**
 * The row that a split's payees in the books have together on one chain, while something is owed to it. Since when (ms): `receiver`, that something stands
 * undivided in the split's receiver; `hub`, that the contract owes the row. `open`: what is under way for it. `failures` in a row, the last at `failedAt`.
 */
export type OwedRow = Readonly<{
  rail: EvmRailName
  splitId: Hex
  receiver: number | undefined
  hub: number | undefined
  open: AttemptId | undefined
  failures: number
  failedAt: number
}>

/** A sweep or a claim that was begun, and whose outcome is not known. */
export type ShareClaim = Readonly<{ id: AttemptId; rail: EvmRailName; splitId: Hex; step: ClaimStep; begunAt: number }>

export type RowRecords = ReturnType<typeof createRowRecords>

/** Which rows are owed something, from the facts: those of splits with payees in the books, and none that has been paid all. */
export function createRowRecords(o: { books: Pick<Books, 'remember'>; splits: Pick<Splits, 'bySplitId'> }) {
  const rows = new Map<string, OwedRow>()
  const open = new Map<string, ShareClaim>()
  let tell: (key: string) => void = () => undefined

  o.books.remember({ name: 'split.rows', form: 1, tables: { rows, open }, apply })

  function apply(fact: Fact): void {
    moved(fact)
    const own = readShareClaimFact(fact)
    if (!own) return
    const { rail, splitId, step } = own.data
    const row = rows.get(keyOf(own.data))
    if (own.type === 'share_claim.begun') {
      open.set(own.id, { id: own.id, rail, splitId, step, begunAt: own.at })
      put({ ...(row ?? emptyRow(rail, splitId)), open: own.id })
    } else {
      open.delete(own.id)
      if (row) put(afterEnd(row, own))
    }
  }

  function moved(fact: Fact): void {
    const settled = readSettlementFact(fact)
    if (settled?.type === 'settlement.booked' && settled.data.kind !== 'opening') booked(settled.data, settled.at)
    if (settled?.type === 'settlement.demoted') demoted(settled.data, settled.at)
  }

  function booked(data: Exclude<BookedFact['data'], { kind: 'opening' }>, at: number): void {
    const account = data.splitId && railKind(data.rail) === 'evm' ? accountIn(o.splits.bySplitId(data.splitId)) : undefined
    if (!account) return
    const of = { rail: data.rail as EvmRailName, splitId: data.splitId! } // By its kind.
    const after = afterMove(rows.get(keyOf(of)) ?? emptyRow(of.rail, of.splitId), { data, account, at })
    if (after) put(after)
  }

  /** What a chain took back: it is owed again. */
  function demoted({ rail, settlement, splitId, account }: DemotedFact['data'], at: number): void {
    const of = { rail: rail as EvmRailName, splitId: splitId as Hex } // A chain's, where it names a split.
    const own = splitId && railKind(rail) === 'evm' ? accountIn(o.splits.bySplitId(of.splitId)) : undefined
    if (!own) return
    const row = rows.get(keyOf(of)) ?? emptyRow(of.rail, of.splitId)
    if (settlement.startsWith(`${rail}:claimed:`) && account?.toLowerCase() === own) put({ ...row, hub: row.hub ?? at })
    if (settlement.startsWith(`${rail}:swept:`)) put({ ...row, receiver: row.receiver ?? at })
  }

  function put(row: OwedRow): void {
    const key = keyOf(row)
    if (row.receiver === undefined && row.hub === undefined && row.open === undefined) rows.delete(key)
    else rows.set(key, row)
    tell(key)
  }

  return {
    row: (key: string): OwedRow | undefined => rows.get(key),
    rowOf: (rail: string, splitId: string): OwedRow | undefined => rows.get(keyOf({ rail, splitId })),
    keyOf,
    keys: (): string[] => [...rows.keys()],
    get: (id: string): ShareClaim | undefined => open.get(id),
    open: (): ShareClaim[] => [...open.values()],
    /** Hears which row has changed, from now on. */
    onChange(told: (key: string) => void): void {
      tell = told
    },
  }
}

/** The account of the row that payees in the books have, in lower case. */
function accountIn(split: Split | undefined): string | undefined {
  return split?.payees.find((row) => row.inBooks)?.account.toLowerCase()
}

type Moved = Readonly<{ data: Exclude<BookedFact['data'], { kind: 'opening' }>; account: string; at: number }>

/** A sweep takes all that is in the receiver, and a claim all that the row is owed: what came later is told later by the stream. */
function afterMove(row: OwedRow, { data: { kind, place, account: paid }, account, at }: Moved): OwedRow | undefined {
  if (kind === 'received' && place === 'receiver') return { ...row, receiver: row.receiver ?? at }
  if (kind === 'received' || kind === 'vouched') return { ...row, hub: row.hub ?? at }
  if (kind === 'swept') return { ...row, hub: row.hub ?? row.receiver ?? at, receiver: undefined }
  return kind === 'claimed' && paid?.toLowerCase() === account ? { ...row, hub: undefined } : undefined
}

function afterEnd(row: OwedRow, { id, at, data }: ShareClaimEnded): OwedRow {
  const failed = data.outcome === 'failed'
  return { ...row, failures: failed ? row.failures + 1 : 0, failedAt: failed ? at : 0, open: row.open === id ? undefined : row.open }
}

function emptyRow(rail: EvmRailName, splitId: Hex): OwedRow {
  return { rail, splitId, receiver: undefined, hub: undefined, open: undefined, failures: 0, failedAt: 0 }
}

function keyOf({ rail, splitId }: Readonly<{ rail: string; splitId: string }>): string {
  return `${rail} ${splitId.toLowerCase()}`
}
