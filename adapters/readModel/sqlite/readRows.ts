import type { DatabaseSync } from 'node:sqlite'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { EntryId } from '../../../gateway/ports/ids.ts'
import type {
  Balances,
  ChangeKind,
  ChangeSide,
  ChangeView,
  GroupTotals,
  PaymentKind,
  ReadAccount,
  ReadCursor,
  ReadEntry,
  ReadFact,
  ReadPayment,
} from '../../../gateway/ports/readModel.ts'
import { readId, readUnits } from './cells.ts'

/** A row read with bigints. The tables are STRICT, so the types below are the columns'. */
type Row = Record<string, unknown>

/** Accounts with their assets. */
export const ACCOUNTS = 'SELECT a.*, s.id AS asset, s.code, s.scale FROM accounts a JOIN assets s USING (ledger)'
/** Groups with their assets. */
export const GROUPS =
  'SELECT g.*, s.id AS asset, s.code, s.scale FROM group_totals g JOIN assets s USING (ledger) ORDER BY g.name, g.ledger'
/** Changes with what people call their parts. A release by time belongs to no entry. */
export const CHANGES = `
  SELECT c.*, coalesce(e.id, '') AS entry_id, coalesce(e.payment, '') AS payment, d.path AS debit_path, k.path AS credit_path, d.ledger,
    s.id AS asset, s.code, s.scale
  FROM changes c LEFT JOIN entries e ON e.n = c.entry JOIN accounts d ON d.n = c.debit JOIN accounts k ON k.n = c.credit JOIN assets s ON s.ledger = d.ledger`

export function readCursor(db: DatabaseSync): ReadCursor {
  const get = db.prepare('SELECT seq, hash, at FROM cursor')
  get.setReadBigInts(true)
  const row = get.get() as { seq: bigint; hash: Uint8Array; at: bigint } // There is always one.
  return { seq: Number(row.seq), hash: row.hash, at: row.at }
}

export function toAccount(row: Row): ReadAccount {
  return {
    n: Number(row.n),
    id: readId(row.id),
    path: row.path as string,
    asset: toAsset(row),
    createdAt: row.created_at as bigint,
    last: Number(row.last),
    changes: Number(row.changes),
    ...toBalances(row, ''),
  }
}

export function toGroup(row: Row): GroupTotals {
  return { group: row.name as string, asset: toAsset(row), debits: readUnits(row.debits), credits: readUnits(row.credits) }
}

export function toEntry(row: Row): ReadEntry {
  return {
    n: Number(row.n),
    id: row.id as EntryId,
    payment: row.payment as string,
    seq: Number(row.seq),
    at: row.at as bigint,
    legs: Number(row.legs),
  }
}

export function toChangeView(row: Row): ChangeView {
  return {
    n: Number(row.n),
    entry: Number(row.entry),
    leg: Number(row.leg),
    at: row.at as bigint,
    kind: row.kind as ChangeKind,
    units: readUnits(row.units),
    hold: Number(row.hold),
    timeoutS: Number(row.timeout_s),
    debit: toSide(row, 'debit'),
    credit: toSide(row, 'credit'),
    entryId: row.entry_id as EntryId | '',
    payment: row.payment as string,
    asset: toAsset(row),
    debitPath: row.debit_path as string,
    creditPath: row.credit_path as string,
  }
}

export function toFact(row: Row): ReadFact {
  return {
    seq: Number(row.seq),
    n: Number(row.n),
    subject: row.subject as string,
    type: row.type as string,
    id: row.id as string,
    at: Number(row.at),
    data: row.data as string,
  }
}

export function toPayment(row: Row): ReadPayment {
  return {
    id: row.id as string,
    kind: row.kind as PaymentKind,
    status: row.status as string,
    rail: row.rail as string,
    asset: row.asset as string,
    units: readUnits(row.units),
    party: row.party as string,
    receipt: row.receipt as string,
    key: row.key as string,
    createdAt: Number(row.created_at),
    changedAt: Number(row.changed_at),
  }
}

function toSide(row: Row, side: 'debit' | 'credit'): ChangeSide {
  return { account: Number(row[side]), before: Number(row[`${side}_before`]), ...toBalances(row, `${side}_`) }
}

function toBalances(row: Row, prefix: string): Balances {
  return {
    debitsPosted: readUnits(row[`${prefix}debits_posted`]),
    creditsPosted: readUnits(row[`${prefix}credits_posted`]),
    debitsPending: readUnits(row[`${prefix}debits_pending`]),
    creditsPending: readUnits(row[`${prefix}credits_pending`]),
  }
}

function toAsset(row: Row): Asset {
  return { id: row.asset as string, code: row.code as string, scale: Number(row.scale), ledger: Number(row.ledger) }
}
