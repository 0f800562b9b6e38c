import { TransferFlags } from '../../ports/ledger.ts'
import type { AccountRow } from '../rows/accountTable.ts'
import { flagsAt, TIMESTAMP } from '../rows/layout.ts'
import { newRows, ROW_WORDS, type Rows } from '../rows/words.ts'

/**
 * Events of one call as rows, and room for their answers. It is used again for each call, and grows to the largest one. `debit` is the account of
 * the transfer before, while a call runs.
 */
export type Batch = { rows: Rows; timestamps: Uint32Array; statuses: string[]; debit: AccountRow | undefined }

const FIRST_EVENTS = 16

export function newBatch(): Batch {
  return { rows: newRows(FIRST_EVENTS), timestamps: new Uint32Array(2 * FIRST_EVENTS), statuses: [], debit: undefined }
}

/** Makes room for `count` events and returns their rows, which still hold those of the call before. */
export function roomFor(batch: Batch, count: number): Rows {
  let room = batch.timestamps.length / 2
  if (count > room) {
    while (room < count) room *= 2
    batch.rows = newRows(room)
    batch.timestamps = new Uint32Array(2 * room)
  }
  return batch.rows
}

/** The first word of event `i`. */
export function eventAt(i: number): number {
  return i * ROW_WORDS
}

/** Answers event `i` with the timestamp of this row and not with the event's own. */
export function answerAt(batch: Batch, i: number, words: Uint32Array, at: number): void {
  batch.timestamps[2 * i] = words[at + TIMESTAMP]!
  batch.timestamps[2 * i + 1] = words[at + TIMESTAMP + 1]!
}

/** The timestamp that answers event `i`. */
export function answeredAt(batch: Batch, i: number): bigint {
  return (BigInt(batch.timestamps[2 * i + 1]!) << 32n) | BigInt(batch.timestamps[2 * i]!)
}

/** Gives the row of event `i` the event's own timestamp, unless it brought one to be imported. */
export function stamp({ rows, timestamps }: Batch, i: number): void {
  const at = eventAt(i)
  if ((flagsAt(rows.words, at) & TransferFlags.imported) !== 0) return
  rows.words[at + TIMESTAMP] = timestamps[2 * i]!
  rows.words[at + TIMESTAMP + 1] = timestamps[2 * i + 1]!
}
