import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/**
 * The rail's own memory. Rows are durable before what they describe leaves this machine: WAL with synchronous=FULL, one connection.
 * Amounts and fees are text: SQLite's integers have 64 bits.
 */
export type Store = Readonly<{
  database: DatabaseSync
  /** All of it or nothing of it is durable when this returns. */
  transact<T>(work: () => T): T
  close(): void
}>

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- What a caller asked for, once per id.
CREATE TABLE IF NOT EXISTS actions (
  id TEXT PRIMARY KEY, request TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'sent', 'settled', 'failed')),
  opened_at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, outcome TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS actions_unfinished ON actions (state) WHERE state IN ('open', 'sent');
-- One row a nonce of the operator. No action: it fills a gap.
CREATE TABLE IF NOT EXISTS transactions (
  nonce INTEGER PRIMARY KEY, action_id TEXT, receiver TEXT NOT NULL, data TEXT NOT NULL, gas TEXT NOT NULL, fee_cap TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'final', 'displaced')),
  hash TEXT, block INTEGER, place INTEGER, cost TEXT, at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS transactions_live ON transactions (state) WHERE state = 'live';
CREATE INDEX IF NOT EXISTS transactions_block ON transactions (block) WHERE block IS NOT NULL;
-- Every signed form of a transaction: the first that is mined wins, so none is ever forgotten.
CREATE TABLE IF NOT EXISTS signed (
  hash TEXT PRIMARY KEY, nonce INTEGER NOT NULL REFERENCES transactions, raw TEXT NOT NULL, max_fee TEXT NOT NULL, priority_fee TEXT NOT NULL,
  signed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS signed_nonce ON signed (nonce);
CREATE TABLE IF NOT EXISTS watched (split_id TEXT PRIMARY KEY, receiver TEXT NOT NULL, caught_up INTEGER NOT NULL DEFAULT 0) STRICT;
-- Hashes of blocks that the stream has passed, to notice when one is replaced.
CREATE TABLE IF NOT EXISTS passed (block INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
`

/**
 * Opens or makes the data file. `identity` names the chain, the operator and the contracts; a file of another identity is refused, because
 * its nonces and outcomes would be taken for this chain's.
 */
export function openStore(file: string, identity: string): Store {
  const database = new DatabaseSync(file)
  try {
    prepare(database)
  } catch (cause) {
    database.close()
    if (!(cause instanceof Error && /locked/.test(cause.message))) throw cause
    throw new GatewayError('rail_misconfigured', 'Another process holds the EVM data file', {
      meta: { file },
      hint: 'Stop the other process; an operator key belongs to one.',
      cause,
    })
  }
  database.prepare("INSERT OR IGNORE INTO meta VALUES ('identity', ?)").run(identity)
  const standing = database.prepare("SELECT value FROM meta WHERE name = 'identity'").get()?.value
  if (standing !== identity) {
    database.close()
    throw new GatewayError('rail_misconfigured', 'The EVM data file belongs to another chain, operator or hub', {
      meta: { file, standing, wanted: identity },
      hint: 'Name another data file, or bring the configuration back.',
    })
  }
  return {
    database,
    transact(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => database.close(),
  }
}

function prepare(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000;')
  // Fences a second process off: two lanes with one key would give out the same nonce twice.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;')
  database.exec(SCHEMA)
  database.exec('COMMIT')
}
