import { DatabaseSync } from 'node:sqlite'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { AuditLog, AuditLogWriter, SignedCheckpoint } from '../../../gateway/ports/auditLog.ts'

const LOCK_WAIT_MS = 5000
/** Marks the file as an audit log ("swya") of this format. */
const APPLICATION_ID = 0x73777961
const FORMAT = 2
/** The format in which the log had receipts alone. */
const RECEIPTS_FORMAT = 1

const CHECKPOINT = '(id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note TEXT NOT NULL) STRICT'
const SCHEMA = `
  CREATE TABLE cursor (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL) STRICT;
  CREATE TABLE leaves (n INTEGER PRIMARY KEY, receipt TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE subtrees (level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoint ${CHECKPOINT};
  CREATE TABLE earlier ${CHECKPOINT}`

/** Empties a log of receipts alone, so that it is built again with blocks in it. What it has signed last is kept. */
const REBUILD = `
  ALTER TABLE checkpoint RENAME TO earlier;
  CREATE TABLE checkpoint ${CHECKPOINT};
  DELETE FROM leaves;
  DELETE FROM subtrees;
  UPDATE cursor SET seq = 0, hash = zeroblob(32), at = 0, size = 0;
  PRAGMA user_version = ${FORMAT}`

/** Opens or creates the audit log at `path` for its one builder. */
export function openAuditLogWriter(path: string): AuditLogWriter {
  const db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  db.exec('PRAGMA journal_mode = WAL')
  // Leaves follow from the journal; only a checkpoint, which is shown to others, must not be forgotten.
  db.exec('PRAGMA synchronous = NORMAL')
  if (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n === 0) begin(db)
  if (formatOf(db, path) === RECEIPTS_FORMAT) db.exec(`BEGIN IMMEDIATE; ${REBUILD}; COMMIT`)
  // Two entries under one name are a defect of who wrote them. Both are leaves of the tree, the first has the name, and the log goes on.
  const leaf = db.prepare('INSERT INTO leaves VALUES (?, ?) ON CONFLICT (receipt) DO NOTHING')
  const subtree = db.prepare('INSERT INTO subtrees VALUES (?, ?, ?)')
  const move = db.prepare('UPDATE cursor SET seq = ?, hash = ?, at = ?, size = ?')
  const save = db.prepare('INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?)')
  const cursor = db.prepare('SELECT seq, hash, at FROM cursor')
  cursor.setReadBigInts(true)
  return {
    ...reading(db, FORMAT),
    cursor() {
      const { seq, hash, at } = cursor.get() as { seq: bigint; hash: Uint8Array; at: bigint } // STRICT columns, always one row.
      return { seq: Number(seq), hash, at }
    },
    append({ receipts, subtrees, size, cursor: { seq, hash, at } }) {
      db.exec('BEGIN IMMEDIATE')
      for (const { receipt, index } of receipts) leaf.run(index, receipt)
      for (const { level, index, hash: of } of subtrees) subtree.run(level, index, of)
      move.run(seq, hash, at, size)
      db.exec('COMMIT')
    },
    saveCheckpoint({ size, note }) {
      db.exec('PRAGMA synchronous = FULL')
      save.run(size, note)
      db.exec('PRAGMA synchronous = NORMAL')
    },
  }
}

/** Opens the audit log to answer from it, beside its builder or without one. */
export function openAuditLog(path: string): AuditLog {
  const db = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS })
  return reading(db, formatOf(db, path))
}

function reading(db: DatabaseSync, format: number): AuditLog {
  const size = db.prepare('SELECT size FROM cursor')
  const index = db.prepare('SELECT n FROM leaves WHERE receipt = ?')
  const hash = db.prepare('SELECT hash FROM subtrees WHERE level = ? AND n = ?')
  const checkpoint = db.prepare('SELECT size, note FROM checkpoint')
  const earlier = format === FORMAT ? db.prepare('SELECT size, note FROM earlier') : undefined
  // STRICT columns give the types below.
  return {
    size: () => size.get()!.size as number,
    indexOf: (receipt) => index.get(receipt)?.n as number | undefined,
    subtree(level, n) {
      const row = hash.get(level, n)
      invariant(row, `subtree ${n} of level ${level} is full`)
      return row.hash as Uint8Array
    },
    checkpoint: () => checkpoint.get() as SignedCheckpoint | undefined,
    earlier: () => earlier?.get() as SignedCheckpoint | undefined,
    close: () => db.close(),
  }
}

function begin(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE')
  db.exec(SCHEMA)
  db.prepare('INSERT INTO cursor VALUES (1, 0, ?, 0, 0)').run(new Uint8Array(32))
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.exec(`PRAGMA user_version = ${FORMAT}`)
  db.exec('COMMIT')
}

/** The format of the file. Throws, and closes it, when it is none of ours. */
function formatOf(db: DatabaseSync, path: string): number {
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  const format = db.prepare('PRAGMA user_version').get()?.user_version
  if (id === APPLICATION_ID && (format === FORMAT || format === RECEIPTS_FORMAT)) return format
  db.close()
  throw new Error(`${path} is not an audit log of format ${FORMAT} (application id ${id}, format ${format}). Choose another --data folder.`)
}
