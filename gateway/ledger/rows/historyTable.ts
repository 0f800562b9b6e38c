import { floorDivCount } from '../../money/integers.ts'
import { newRows, type Rows } from './words.ts'

const SLAB_BITS = 10
export const HISTORY_SLAB_ROWS = 1 << SLAB_BITS

/**
 * Balances of `history` accounts after each of their transfers, in order. A row has the account's place at word 0, the transfer's place at words
 * 1 and 2, the low one first, and the four balances from word 4 on, as in an account. The books open no such account; each row costs 128 bytes of memory for
 * good.
 */
export type HistoryTable = { count: number; readonly slabs: Rows[] }

/** Words of a history row, and where they are. */
export const HISTORY = { account: 0, transfer: 1, balances: 4, balanceWords: 16 } as const

export function newHistoryTable(): HistoryTable {
  return { count: 0, slabs: [] }
}

const HALF = 2 ** 32

/** The place of the transfer that a row's balances came after. */
export function transferOf(words: Uint32Array, at: number): number {
  return words[at + HISTORY.transfer + 1]! * HALF + words[at + HISTORY.transfer]!
}

export function setTransfer(words: Uint32Array, at: number, place: number): void {
  // The word keeps the low 32 bits.
  words[at + HISTORY.transfer] = place
  words[at + HISTORY.transfer + 1] = floorDivCount(place, HALF)
}

/** Appends an empty row and says where it lies. */
export function addHistoryRow(table: HistoryTable): Readonly<{ words: Uint32Array; at: number }> {
  const n = table.count++
  if (n >> SLAB_BITS === table.slabs.length) table.slabs.push(newRows(HISTORY_SLAB_ROWS))
  return historyRow(table, n)
}

export function historyRow(table: HistoryTable, n: number): Readonly<{ rows: Rows; words: Uint32Array; at: number }> {
  const rows = table.slabs[n >> SLAB_BITS]!
  return { rows, words: rows.words, at: (n & (HISTORY_SLAB_ROWS - 1)) * 32 }
}
