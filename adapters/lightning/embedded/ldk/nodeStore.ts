import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { GatewayError, isGatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { MonitorWrite } from './bufferedPersist.ts'

/** A killed predecessor may hold the file for a moment: its WebAssembly calls do not end at once. */
const LOCK_WAIT_MS = 5_000

/** Which tables the file has. A file of another version is refused: what it means would be guessed. */
const FILE_VERSION = 5n
/** A file of this version lacks only tables that are empty at first. */
const VERSION_MIN = 4n

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS monitors (channel TEXT PRIMARY KEY, data BLOB NOT NULL, archived INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS monitor_updates (seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, data BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS monitor_updates_channel ON monitor_updates (channel);
CREATE TABLE IF NOT EXISTS claims (
  payment_hash TEXT PRIMARY KEY, amount_msat INTEGER NOT NULL, records TEXT NOT NULL DEFAULT '[]', reference TEXT,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS offers (name TEXT PRIMARY KEY, offer TEXT NOT NULL, offer_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, to_place TEXT, amount_msat INTEGER NOT NULL,
  fee_msat INTEGER NOT NULL, preimage TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (kind, id)) STRICT;
CREATE TABLE IF NOT EXISTS attempts (
  id TEXT PRIMARY KEY, payment_id TEXT NOT NULL UNIQUE, payment_hash TEXT NOT NULL, amount_msat INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'settled', 'failed')), reason TEXT, detail TEXT, preimage TEXT, fee_msat INTEGER,
  created_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS attempts_hash ON attempts (payment_hash);
CREATE INDEX IF NOT EXISTS attempts_pending ON attempts (state) WHERE state = 'pending';
CREATE TABLE IF NOT EXISTS holds (
  payment_hash TEXT PRIMARY KEY, amount_msat INTEGER NOT NULL, expires_at INTEGER NOT NULL, invoice TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'held', 'claiming', 'settled', 'cancelled')), held_msat INTEGER NOT NULL DEFAULT 0,
  held_at INTEGER NOT NULL DEFAULT 0, deadline_height INTEGER NOT NULL DEFAULT 0, preimage TEXT, ended_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS holds_held ON holds (held_at) WHERE state = 'held';
CREATE TABLE IF NOT EXISTS opened_channels (channel TEXT PRIMARY KEY, opened_msat INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS closed_channels (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, resolved INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS spendable_outputs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, outpoint TEXT NOT NULL UNIQUE, data BLOB NOT NULL, sats INTEGER NOT NULL,
  at INTEGER NOT NULL, sweep INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS sweeps (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, raw BLOB NOT NULL, sats INTEGER NOT NULL, fee_sats INTEGER NOT NULL, at INTEGER NOT NULL,
  height INTEGER, final INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS withdrawals (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, address TEXT NOT NULL, sats INTEGER NOT NULL, fee_sats INTEGER NOT NULL,
  change_sats INTEGER NOT NULL, txid TEXT NOT NULL, raw BLOB NOT NULL, at INTEGER NOT NULL, height INTEGER, final INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS withdrawals_open ON withdrawals (final) WHERE final = 0;
CREATE TABLE IF NOT EXISTS withdrawal_inputs (outpoint TEXT PRIMARY KEY, withdrawal INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS blocks (height INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
`

/**
 * One SQLite file with all a node must not forget. Writes gather in one transaction that `commit` ends: between two commits the file is an
 * exact picture of the node, and nothing leaves the process before it (see `pump.ts`). All integers are read as bigint.
 */
export type NodeStore = Readonly<{
  /** Prepares a statement once; every statement that changes something goes through `write`. */
  statement: (sql: string) => StatementSync
  write: (sql: string, ...values: (string | bigint | Uint8Array | null)[]) => number
  meta: (key: string) => Uint8Array | undefined
  writeMonitors: (writes: readonly MonitorWrite[], archived: readonly string[]) => void
  dirty: () => boolean
  commit: () => void
  close: () => void
}>

/** Opens (or creates) the file and takes it for this process alone; `:memory:` keeps nothing. Throws `rail_unavailable` when another holds it. */
export function openNodeStore(path: string): NodeStore {
  const db = lockedDatabase(path)
  const statements = new Map<string, StatementSync>()
  let open = false
  const statement = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const fresh = db.prepare(sql)
    fresh.setReadBigInts(true)
    statements.set(sql, fresh)
    return fresh
  }
  const write: NodeStore['write'] = (sql, ...values) => {
    if (!open) db.exec('BEGIN IMMEDIATE')
    open = true
    const { changes } = statement(sql).run(...values)
    return changes === 0 || changes === 0n ? 0 : 1
  }
  return {
    statement,
    write,
    meta: (key) => {
      const value = statement('SELECT value FROM meta WHERE key = ?').get(key)?.value
      invariant(value === undefined || value instanceof Uint8Array, 'meta holds bytes')
      return value
    },
    writeMonitors: (writes, archived) => {
      for (const { channel, full, data } of writes) {
        if (!full) write('INSERT INTO monitor_updates (channel, data) VALUES (?, ?)', channel, data)
        else {
          write('DELETE FROM monitor_updates WHERE channel = ?', channel)
          write(
            'INSERT INTO monitors (channel, data) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET data = excluded.data',
            channel,
            data,
          )
        }
      }
      for (const channel of archived) write('UPDATE monitors SET archived = 1 WHERE channel = ?', channel)
    },
    dirty: () => open,
    commit: () => {
      if (open) db.exec('COMMIT')
      open = false
    },
    close: () => db.close(),
  }
}

function lockedDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  try {
    // Exclusive locking keeps the lock until the process ends, so two nodes can never run one set of keys.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    db.exec('BEGIN EXCLUSIVE; COMMIT;')
    refuseOtherVersions(db, path)
    db.exec(SCHEMA)
    db.exec(`PRAGMA user_version = ${FILE_VERSION}`)
    return db
  } catch (cause) {
    if (isGatewayError(cause)) throw cause
    db.close()
    throw new GatewayError('rail_unavailable', `The Lightning node's file is held by another process or cannot be opened: ${path}`, {
      cause,
      hint: 'Stop the other process that runs on this data folder.',
    })
  }
}

function refuseOtherVersions(db: DatabaseSync, path: string): void {
  const tables = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()
  const pragma = db.prepare('PRAGMA user_version')
  pragma.setReadBigInts(true)
  const version = pragma.get()?.user_version
  if (tables === undefined || version === FILE_VERSION || version === VERSION_MIN) return
  db.close()
  throw new GatewayError(
    'unsafe_configuration',
    `The Lightning node's file is of version ${version}, this program reads ${FILE_VERSION}: ${path}`,
    {
      hint: 'Run it with the program that made it, or take a new data folder.',
    },
  )
}
