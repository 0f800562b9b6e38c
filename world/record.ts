import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { takeLock } from './lock.ts'

const NEWLINE = 10

/** What a part of the world was told, row by row, so that a later start can be told it again. */
export type WorldRecord<Row> = Readonly<{
  /** What earlier starts left. */
  rows: readonly Row[]
  /** Kept when it returns, also when this process is killed: before anybody sees what comes of it. */
  add: (row: Row) => void
  close: () => void
}>

/** Keeps nothing: for a world that goes with its process. */
export function noRecord<Row>(): WorldRecord<Row> {
  return { rows: [], add: () => undefined, close: () => undefined }
}

/**
 * A file with one row of JSON a line. A last line that a kill has cut off counts as never written. The system has each row when `add` returns, the disk
 * may not: what a loss of power costs is play money.
 */
export function openRecord<Row>(path: string): WorldRecord<Row> {
  const release = takeLock(path)
  if (!release) throw new Error(`another process writes ${path}`)
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1)
  const file = openSync(path, 'a', 0o600)
  if (whole.length < bytes.length) ftruncateSync(file, whole.length)
  const lines = whole.toString('utf8').split('\n').slice(0, -1)
  return {
    // Rows are written by `add` alone.
    rows: lines.map((line) => JSON.parse(line) as Row),
    add: (row) => void writeSync(file, `${JSON.stringify(row)}\n`),
    close: () => {
      closeSync(file)
      release()
    },
  }
}
