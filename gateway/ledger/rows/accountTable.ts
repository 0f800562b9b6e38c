import { invariant } from '../../errors/invariant.ts'
import type { Account, U128 } from '../../ports/ledger.ts'
import { type Frozen, keepCopy } from './frozen.ts'
import {
  addPlace,
  EMPTY,
  firstSlot,
  type HashTable,
  hash128,
  newHashTable,
  nextSlot,
  OTHER,
  placeIn,
  removePlace,
  shardOf,
} from './hashTable.ts'
import * as f from './layout.ts'
import { copyWords, getU64, getU128, newRows, ROW_WORDS, type Rows, same128, setU128 } from './words.ts'

/** Accounts of one slab: 128 KiB. */
const SLAB_BITS = 10
export const SLAB_ACCOUNTS = 1 << SLAB_BITS
const SHARD_BITS = 10
/** Accounts are always in memory, 256 GiB of them. */
export const ACCOUNTS_MAX = 2 ** 31 - 1

/** All accounts with their balances, in the order of their creation, which is that of their timestamps. An account is named by its place. */
export type AccountTable = {
  count: number
  readonly slabs: Rows[]
  readonly places: HashTable
  /** While a snapshot is written: the slabs that it has not read yet, and copies of those of them that changed since it began. */
  frozen: Frozen<Uint32Array> | undefined
}

/** An account where it lies: the slab, and the index of its first word. Valid until the account is removed. */
export type AccountRow = Readonly<{ rows: Rows; words: Uint32Array; at: number; place: number }>

export function newAccountTable(): AccountTable {
  return { count: 0, slabs: [], places: newHashTable(SHARD_BITS), frozen: undefined }
}

/** The account of this id, if there is one. */
export function findAccount(table: AccountTable, id: Uint32Array, at: number): AccountRow | undefined {
  const hash = hash128(id, at)
  const shard = shardOf(table.places, hash)
  for (let slot = firstSlot(table.places, shard, hash); ; slot = nextSlot(shard, slot)) {
    const place = placeIn(shard, slot, hash)
    if (place === EMPTY) return undefined
    if (place === OTHER) continue
    const rows = table.slabs[place >> SLAB_BITS]!
    const row = (place & (SLAB_ACCOUNTS - 1)) * ROW_WORDS
    if (same128(rows.words, row, id, at)) return { rows, words: rows.words, at: row, place }
  }
}

const wanted = newRows(1)

export function accountOfId(table: AccountTable, id: U128): AccountRow | undefined {
  setU128(wanted, 0, id)
  return findAccount(table, wanted.words, 0)
}

/** The account at a place below `count`. */
export function accountAt(table: AccountTable, place: number): AccountRow {
  const rows = table.slabs[place >> SLAB_BITS]!
  return { rows, words: rows.words, at: (place & (SLAB_ACCOUNTS - 1)) * ROW_WORDS, place }
}

/** Adds a copy of this row, whose id is new. */
export function addAccountRow(table: AccountTable, words: Uint32Array, at: number): void {
  invariant(table.count < ACCOUNTS_MAX, 'the table of accounts has room')
  const place = table.count++
  if (place >> SLAB_BITS === table.slabs.length) table.slabs.push(newRows(SLAB_ACCOUNTS))
  const row = accountAt(table, place)
  copyWords(row.words, row.at, words, at, ROW_WORDS)
  addPlace(table.places, hash128(words, at), place)
}

/** To be called before a balance changes: keeps a copy of the slab for a snapshot that has not read it yet. */
export function keepForSnapshot({ frozen, slabs }: AccountTable, { place }: AccountRow): void {
  if (!frozen) return
  keepCopy(frozen, place >> SLAB_BITS, (slab) => slabs[slab]!.words)
}

/** Files an account that lies in its slab already. */
export function addPlaceOfAccount(table: AccountTable, { words, at, place }: AccountRow): void {
  addPlace(table.places, hash128(words, at), place)
}

/** Takes the newest account back. */
export function removeNewestAccount(table: AccountTable): void {
  table.count -= 1
  const row = accountAt(table, table.count)
  removePlace(table.places, hash128(row.words, row.at), table.count)
}

/** The account as an object of its own. */
export function readAccount({ rows, words, at }: AccountRow): Account {
  return {
    id: getU128(rows, at),
    ledger: words[at + f.LEDGER]!,
    code: f.codeAt(words, at),
    flags: f.flagsAt(words, at),
    userData128: getU128(rows, at + f.USER_DATA_128),
    userData64: getU64(rows, at + f.USER_DATA_64),
    userData32: words[at + f.USER_DATA_32]!,
    timestamp: getU64(rows, at + f.TIMESTAMP),
    debitsPending: getU128(rows, at + f.DEBITS_PENDING),
    debitsPosted: getU128(rows, at + f.DEBITS_POSTED),
    creditsPending: getU128(rows, at + f.CREDITS_PENDING),
    creditsPosted: getU128(rows, at + f.CREDITS_POSTED),
  }
}

/** True when an account has this timestamp. */
export function hasAccountAt(table: AccountTable, timestamp: bigint): boolean {
  let low = 0
  let high = table.count
  while (low < high) {
    const middle = (low + high) >> 1
    const { rows, at } = accountAt(table, middle)
    if (getU64(rows, at + f.TIMESTAMP) < timestamp) low = middle + 1
    else high = middle
  }
  if (low === table.count) return false
  const { rows, at } = accountAt(table, low)
  return getU64(rows, at + f.TIMESTAMP) === timestamp
}
