import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'

const LOCK_WAIT_MS = 5_000

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS attempts (
  id TEXT PRIMARY KEY, payment_hash TEXT NOT NULL, amount_msat INTEGER NOT NULL, fee_max_msat INTEGER NOT NULL, destination TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('begun', 'settled', 'failed')), reason TEXT, detail TEXT, preimage TEXT, fee_msat INTEGER,
  created_at INTEGER NOT NULL, ended_at INTEGER, no_htlc_since INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS attempts_hash ON attempts (payment_hash);
CREATE INDEX IF NOT EXISTS attempts_begun ON attempts (state) WHERE state = 'begun';
CREATE INDEX IF NOT EXISTS attempts_ended ON attempts (ended_at);
CREATE TABLE IF NOT EXISTS received (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, payment_hash TEXT NOT NULL UNIQUE, amount_msat INTEGER NOT NULL, preimage TEXT NOT NULL, at INTEGER NOT NULL,
  records TEXT NOT NULL DEFAULT '[]', settle_index INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS holds (
  payment_hash TEXT PRIMARY KEY, amount_msat INTEGER NOT NULL, expires_at INTEGER NOT NULL, holdable_ms INTEGER NOT NULL, description TEXT NOT NULL,
  invoice TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS holds_open ON holds (ended) WHERE ended = 0;
CREATE TABLE IF NOT EXISTS closings_before (channel TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS closing_seen (channel TEXT PRIMARY KEY, local_msat INTEGER NOT NULL, remote_msat INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS closings (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL UNIQUE, home_msat INTEGER NOT NULL, cost_msat INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pushes (channel TEXT PRIMARY KEY, sats INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS coin_sources (source TEXT PRIMARY KEY, channel TEXT NOT NULL) STRICT;
`

/**
 * The rail's own file: attempts, what came in, holds, and how far the node's settlements were read. All of it is a cache of what the journal and LND
 * know: an empty or older one is filled from them. What is written gathers in one transaction that ends with the turn of the event loop, so that thirty
 * payments share one sync to the disk. All integers are read as bigint.
 */
export type LndStore = Readonly<{
  statement: (sql: string) => StatementSync
  /** Writes now, for whoever reads this file; returns how many rows it changed. Durable when a `committed` called after it resolves. */
  write: (sql: string, ...values: (string | bigint | null)[]) => number
  committed: () => Promise<void>
  meta: (key: string) => string | undefined
  setMeta: (key: string, value: string) => void
  close: () => void
}>

/** Opens (or creates) the file and takes it for this process alone; `:memory:` keeps nothing. Throws `rail_unavailable` when another holds it. */
export function openLndStore(path: string): LndStore {
  const db = lockedDatabase(path)
  const statements = new Map<string, StatementSync>()
  let open: Promise<void> | undefined
  let broken: unknown
  let closed = false
  const statement = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const fresh = db.prepare(sql)
    fresh.setReadBigInts(true)
    statements.set(sql, fresh)
    return fresh
  }
  const commit = () => {
    const pending = open !== undefined && !closed
    open = undefined
    try {
      if (pending) db.exec('COMMIT')
    } catch (error) {
      broken = error
      throw error
    }
  }
  const write: LndStore['write'] = (sql, ...values) => {
    // What a failed commit left is known again when the file is opened anew.
    if (broken) throw new GatewayError('rail_unavailable', 'The file of the Lightning rail could not be written', { cause: broken })
    if (!open) {
      db.exec('BEGIN IMMEDIATE')
      open = new Promise((resolve, reject) => {
        setImmediate(() => {
          try {
            commit()
            resolve()
          } catch (error) {
            reject(error)
          }
        })
      })
      // Whoever needs it durable awaits it; to the others a failure shows at the next write.
      open.catch(() => undefined)
    }
    return Number(statement(sql).run(...values).changes) // A count of rows.
  }
  return {
    statement,
    write,
    committed: () => open ?? Promise.resolve(),
    meta: (key) => textOrNone(statement('SELECT value FROM meta WHERE key = ?').get(key)?.value),
    setMeta: (key, value) => {
      write('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value)
    },
    close: () => {
      if (closed) return
      commit()
      closed = true
      db.close()
    },
  }
}

function lockedDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  try {
    // Exclusive locking: two gateways on one file would not see what the other has under way.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    db.exec('BEGIN EXCLUSIVE; COMMIT;')
    db.exec(SCHEMA)
    addColumns(db)
    return db
  } catch (cause) {
    db.close()
    throw new GatewayError('rail_unavailable', `The file of the Lightning rail is held by another process or cannot be opened: ${path}`, {
      cause,
      hint: 'Stop the other process that runs on this data folder.',
    })
  }
}

/** Columns that a file of before they were kept does not have. */
const ADDED = { records: "TEXT NOT NULL DEFAULT '[]'", settle_index: 'INTEGER' } as const

function addColumns(db: DatabaseSync): void {
  const known = new Set(
    db
      .prepare("SELECT name FROM pragma_table_info('received')")
      .all()
      .map(({ name }) => name),
  )
  for (const [name, type] of Object.entries(ADDED)) if (!known.has(name)) db.exec(`ALTER TABLE received ADD COLUMN ${name} ${type}`)
}

/** A column that must hold text. */
export function textOf(value: unknown): string {
  invariant(typeof value === 'string', 'the column holds text')
  return value
}

export function textOrNone(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : textOf(value)
}

/** A column that must hold an integer. */
export function integerOf(value: unknown): bigint {
  invariant(typeof value === 'bigint', 'the column holds an integer')
  return value
}

export function integerOrNone(value: unknown): bigint | undefined {
  return value === null || value === undefined ? undefined : integerOf(value)
}
