import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { GroupTotals, OpenHold, ReadAccount, ReadModelWriter } from '../../../gateway/ports/readModel.ts'
import { readId, readUnits } from './cells.ts'
import { ACCOUNTS, GROUPS, readCursor, toAccount, toGroup } from './readRows.ts'
import { APPLICATION_ID, FORMAT, SCHEMA } from './schema.ts'
import { createRowWriter } from './writeRows.ts'

/** How long to wait for a projector that was just killed. */
const LOCK_WAIT_MS = 5000
/**
 * Pages (4 KiB) of the write-ahead log between checkpoints: 8 MiB. The disk takes what is synced at once in one go, and the journal's commits wait behind it.
 */
const CHECKPOINT_PAGES = 2_048
/** Page cache, in KiB. */
const CACHE_KIB = 32_768

/**
 * Opens the read model at `path` for its one projector, or begins it anew when there is none or it has another format. Its commits are not synced
 * one by one: after a power failure it is older than the journal, never torn, and goes on from there.
 */
export function openReadModelWriter(path: string): ReadModelWriter {
  const db = openOrBegin(path)
  const writer = createRowWriter(db)
  const moveCursor = db.prepare('UPDATE cursor SET seq = ?, hash = ?, at = ?, entries = entries + ?, changes = changes + ?')
  const subject = db.prepare('SELECT parties, data FROM event_subjects WHERE id = ?')
  return {
    cursor: () => readCursor(db),
    *accounts(): Iterable<ReadAccount> {
      const all = db.prepare(`${ACCOUNTS} ORDER BY n`)
      all.setReadBigInts(true)
      for (const row of all.iterate()) yield toAccount(row)
    },
    *openHolds(): Iterable<OpenHold> {
      const all = db.prepare('SELECT * FROM holds')
      all.setReadBigInts(true)
      for (const row of all.iterate()) {
        const [change, debit, credit] = [row.change, row.debit, row.credit].map(Number)
        yield { id: readId(row.id), change: change!, debit: debit!, credit: credit!, units: readUnits(row.units) }
      }
    },
    *groups(): Iterable<GroupTotals> {
      const all = db.prepare(GROUPS)
      all.setReadBigInts(true)
      for (const row of all.iterate()) yield toGroup(row)
    },
    counts() {
      // STRICT columns.
      return db.prepare('SELECT entries, changes FROM cursor').get() as { entries: number; changes: number }
    },
    eventSubject(id) {
      const row = subject.get(id) as { parties: string; data: string } | undefined // STRICT columns.
      return row && { parties: JSON.parse(row.parties), data: JSON.parse(row.data) }
    },
    // Who fails here has a state that is ahead of the file, and ends; closing takes the transaction back.
    apply(blocks, touched, { seq, hash, at }) {
      db.exec('BEGIN IMMEDIATE')
      let [entries, changes] = [0, 0]
      for (const rows of blocks) {
        writer.write(rows)
        entries += rows.entries.length
        changes += rows.changes.length
      }
      for (const account of touched.accounts) writer.update(account)
      for (const group of touched.groups) writer.total(group)
      moveCursor.run(seq, hash, at, entries, changes)
      db.exec('COMMIT')
    },
    close: () => db.close(),
  }
}

function openOrBegin(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = NORMAL')
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  const format = db.prepare('PRAGMA user_version').get()?.user_version
  if (id === APPLICATION_ID && format === FORMAT) return db
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n
  if (id === 0 && tables === 0) {
    begin(db)
    return db
  }
  db.close()
  if (id !== APPLICATION_ID) throw new Error(`${path} is not a read model (application id ${id}). Choose another --data folder.`)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  return openOrBegin(path)
}

function begin(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE')
  db.exec(SCHEMA)
  db.prepare('INSERT INTO cursor VALUES (1, 0, ?, 0, 0, 0)').run(new Uint8Array(32))
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.exec(`PRAGMA user_version = ${FORMAT}`)
  db.exec('COMMIT')
}
