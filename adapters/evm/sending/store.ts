import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

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
-- What a caller asked for, once per id. told: the first outcome a caller may have seen, kept when a reorganisation reopens the action.
-- authorization: what can be spent once, of a collection as the stream names it; of an opening, payer and salts.
CREATE TABLE IF NOT EXISTS actions (
  id TEXT PRIMARY KEY, request TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'sent', 'settled', 'failed')),
  opened_at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, outcome TEXT, told TEXT, authorization TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS actions_unfinished ON actions (state) WHERE state IN ('open', 'sent');
CREATE INDEX IF NOT EXISTS actions_told ON actions (told) WHERE told IS NOT NULL;
CREATE INDEX IF NOT EXISTS actions_authorization ON actions (authorization) WHERE authorization IS NOT NULL;
-- One row a nonce of an operator's key. No action: it fills a gap. hash: what was mined; of a displaced one what took its nonce.
-- cancelled: after so many forms the further ones are empty transfers.
CREATE TABLE IF NOT EXISTS transactions (
  operator TEXT NOT NULL, nonce INTEGER NOT NULL, action_id TEXT, receiver TEXT NOT NULL, data TEXT NOT NULL, gas TEXT NOT NULL,
  fee_cap TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL CHECK (state IN ('live', 'final', 'displaced')),
  hash TEXT, block INTEGER, block_hash TEXT, place INTEGER, cost TEXT, at INTEGER,
  PRIMARY KEY (operator, nonce)
) STRICT;
CREATE INDEX IF NOT EXISTS transactions_action ON transactions (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS transactions_live ON transactions (state) WHERE state = 'live';
CREATE INDEX IF NOT EXISTS transactions_displaced ON transactions (action_id) WHERE state = 'displaced';
CREATE INDEX IF NOT EXISTS transactions_block ON transactions (block) WHERE block IS NOT NULL;
-- Live ones signed so far above the chain that nobody may wait for them: they are not offered, and no nonce just below is used.
CREATE TABLE IF NOT EXISTS left_behind (operator TEXT NOT NULL, nonce INTEGER NOT NULL, PRIMARY KEY (operator, nonce)) STRICT;
-- Every signed form of a transaction: the first that is mined wins, so none is ever forgotten.
CREATE TABLE IF NOT EXISTS signed (
  hash TEXT PRIMARY KEY, operator TEXT NOT NULL, nonce INTEGER NOT NULL, raw TEXT NOT NULL, max_fee TEXT NOT NULL,
  priority_fee TEXT NOT NULL, signed_at INTEGER NOT NULL, FOREIGN KEY (operator, nonce) REFERENCES transactions
) STRICT;
CREATE INDEX IF NOT EXISTS signed_nonce ON signed (operator, nonce);
-- The actions that one transaction carries together, in the order of its rows; one that carries a single action has it in its own row.
CREATE TABLE IF NOT EXISTS carried (
  operator TEXT NOT NULL, nonce INTEGER NOT NULL, place INTEGER NOT NULL, action_id TEXT NOT NULL, PRIMARY KEY (operator, nonce, place),
  FOREIGN KEY (operator, nonce) REFERENCES transactions
) STRICT;
CREATE INDEX IF NOT EXISTS carried_action ON carried (action_id);
-- How many actions a transaction may carry together with this one, since one with more came to nothing.
CREATE TABLE IF NOT EXISTS company (action_id TEXT PRIMARY KEY, rows_max INTEGER NOT NULL) STRICT;
-- Attempts that the journal may hold since then, and that were not taken yet.
CREATE TABLE IF NOT EXISTS announced (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS watched (split_id TEXT PRIMARY KEY, receiver TEXT NOT NULL, caught_up INTEGER NOT NULL DEFAULT 0) STRICT;
-- Hashes of blocks that the stream has passed, to notice when one is replaced.
CREATE TABLE IF NOT EXISTS passed (block INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
-- What the stream reported from recent blocks, to take it back when its block is replaced. leaving: to be told, gone: told.
CREATE TABLE IF NOT EXISTS reports (
  id TEXT PRIMARY KEY, base TEXT NOT NULL, block INTEGER NOT NULL, block_hash TEXT NOT NULL, place INTEGER NOT NULL, item TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('standing', 'leaving', 'gone')), rewind INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS reports_base ON reports (base);
CREATE INDEX IF NOT EXISTS reports_block ON reports (block);
CREATE INDEX IF NOT EXISTS reports_leaving ON reports (state) WHERE state = 'leaving';
-- What left our wallet by transactions that were not signed here, as the stream read it; a row goes with its block.
CREATE TABLE IF NOT EXISTS strange (
  id TEXT PRIMARY KEY, block INTEGER NOT NULL, hash TEXT NOT NULL, receiver TEXT NOT NULL, units TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
`
/** Raised with the schema: a file of another layout is refused rather than half understood. 3: a transaction may carry several actions. */
const LAYOUT = 3
/** Opened and raised: what has been added since is new tables. The version that wrote it then refuses the file, as it must: it knows of no carried actions. */
const LAYOUT_READ_MIN = 2

/**
 * Opens or makes the data file. `identity` names the chain, the operator and the contracts; a file of another identity is refused, because
 * its nonces and outcomes would be taken for this chain's. Without one the file is opened as whose it is.
 */
export function openStore(file: string, identity?: string): Store {
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
  if (identity !== undefined) database.prepare("INSERT OR IGNORE INTO meta VALUES ('identity', ?)").run(identity)
  const standing = database.prepare("SELECT value FROM meta WHERE name = 'identity'").get()?.value
  if (identity !== undefined && standing !== identity) {
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
  const tables = database.prepare("SELECT count(*) AS found FROM sqlite_schema WHERE type = 'table'").get()?.found
  const layout = database.prepare('PRAGMA user_version').get()?.user_version
  if (tables !== 0 && (layout === undefined || Number(layout) < LAYOUT_READ_MIN || Number(layout) > LAYOUT)) {
    throw new GatewayError('rail_misconfigured', 'The EVM data file has the layout of another version', {
      meta: { layout, wanted: LAYOUT },
      hint: 'Let the version that wrote it finish what is under way, then name a new data file.',
    })
  }
  database.exec(SCHEMA)
  database.exec(`PRAGMA user_version = ${LAYOUT}; COMMIT;`)
}
