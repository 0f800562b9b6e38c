import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

/** Grows when the tables change. A data file of an older version is brought up step by step; any other is refused, never guessed at. */
const VERSION = 11
/** Attempts that the journal may hold since then, and for which there is no payment yet. */
const ANNOUNCED = 'CREATE TABLE announced (attempt_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT'
const BY_END_TO_END_ID = "CREATE INDEX entries_unexplained ON entries (end_to_end_id) WHERE kind = 'unexplained'"
/** What the bank said of orders that this file did not know: it may be an older copy. */
const STRAYS =
  'CREATE TABLE strays (end_to_end_id TEXT PRIMARY KEY, state TEXT NOT NULL, code TEXT NOT NULL, detail TEXT, at INTEGER NOT NULL) STRICT'
/** Those that are summed up at each estimate have all that is summed up. */
const INDEXES = `CREATE INDEX payments_open ON payments (state, units, fee) WHERE state IN ('prepared', 'staged', 'sent');
  CREATE INDEX payments_file ON payments (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX entries_unlisted ON entries (booked_on, side, units, at) WHERE statement_id IS NULL`
/** What a bank calls our files by, where it is not their name, and which of the day each was. */
const FILE_NAMES =
  'CREATE TABLE file_names (id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, day TEXT NOT NULL, place INTEGER NOT NULL, UNIQUE (day, place)) STRICT'
/** What banks have said of payees' accounts: the code of a return after which it is not paid as it is, or how it is to be named. */
const ACCOUNT_WORDS =
  'CREATE TABLE account_words (account TEXT PRIMARY KEY, returned TEXT, changed TEXT, correction TEXT, at INTEGER NOT NULL) STRICT'
const OF_STATEMENT = 'CREATE INDEX entries_statement ON entries (statement_id, seq) WHERE statement_id IS NOT NULL'
/** What was asked back, and what the bank has said of it. `sent_at` is null until its file has left, `answer` until it speaks. */
const RECALLS = `CREATE TABLE recalls (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, attempt_id TEXT NOT NULL, reason TEXT NOT NULL, document TEXT NOT NULL, asked_at INTEGER NOT NULL,
    answer_by INTEGER NOT NULL, sent_at INTEGER, answer TEXT CHECK (answer IN ('pending', 'accepted', 'refused')), code TEXT, detail TEXT,
    answered_at INTEGER, returned_at INTEGER) STRICT;
  CREATE INDEX recalls_attempt ON recalls (attempt_id)`
/** What makes the tables of the version after. */
const STEPS: ReadonlyMap<unknown, string> = new Map([
  [1, 'ALTER TABLE entries ADD COLUMN reason TEXT'],
  [2, 'ALTER TABLE entries ADD COLUMN remittance TEXT'],
  [3, `ALTER TABLE entries ADD COLUMN end_to_end_id TEXT; ALTER TABLE meta ADD COLUMN file TEXT; ${ANNOUNCED}; ${BY_END_TO_END_ID}`],
  [4, 'ALTER TABLE entries ADD COLUMN mark TEXT; UPDATE entries SET mark = hex(randomblob(8))'],
  [5, STRAYS],
  [6, 'ALTER TABLE entries ADD COLUMN payer_iban TEXT'],
  [
    7,
    `ALTER TABLE payments ADD COLUMN message_id TEXT; ALTER TABLE payments ADD COLUMN fee INTEGER NOT NULL DEFAULT 0;
      UPDATE payments SET message_id = end_to_end_id; DROP INDEX payments_open; DROP INDEX entries_unlisted; ${INDEXES}`,
  ],
  [8, `${FILE_NAMES}; ${ACCOUNT_WORDS}`],
  [9, `ALTER TABLE entries ADD COLUMN batch TEXT; ${OF_STATEMENT}`],
  [10, `ALTER TABLE payments ADD COLUMN transaction_id TEXT; ${RECALLS}`],
])

/** Amounts are integers in units of the asset; balances fit by the limits in cents.ts. `seq` and `mark` are the cursor of the settlement stream. */
const TABLES = `
  CREATE TABLE meta (version INTEGER NOT NULL, iban TEXT NOT NULL, file TEXT) STRICT;
  CREATE TABLE payments (
    attempt_id TEXT PRIMARY KEY, end_to_end_id TEXT NOT NULL UNIQUE, units INTEGER NOT NULL, iban TEXT NOT NULL, name TEXT NOT NULL,
    document TEXT NOT NULL, created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'staged', 'sent', 'withdrawn', 'rejected', 'booked')),
    code TEXT, detail TEXT, evidence TEXT, settled_at INTEGER, proof TEXT, message_id TEXT, fee INTEGER NOT NULL DEFAULT 0,
    transaction_id TEXT) STRICT;
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, side TEXT NOT NULL CHECK (side IN ('credit', 'debit')),
    kind TEXT NOT NULL CHECK (kind IN ('received', 'returned', 'charge', 'paid', 'unexplained')), units INTEGER NOT NULL CHECK (units > 0),
    booked_on TEXT NOT NULL, at INTEGER NOT NULL, attempt_id TEXT, reference TEXT, payer TEXT, proof TEXT NOT NULL, statement_id TEXT,
    reason TEXT, remittance TEXT, end_to_end_id TEXT, mark TEXT, payer_iban TEXT, batch TEXT) STRICT;
  CREATE INDEX entries_key ON entries (key);
  CREATE TABLE statements (
    id TEXT PRIMARY KEY, opening INTEGER NOT NULL, closing INTEGER NOT NULL, closing_on TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE files (hash TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE problems (id TEXT PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
  ${ANNOUNCED};
  ${STRAYS};
  ${FILE_NAMES};
  ${ACCOUNT_WORDS};
  ${BY_END_TO_END_ID};
  ${INDEXES};
  ${OF_STATEMENT};
  ${RECALLS};
`

/** Makes an opened data file durable and ready: tables of this version, of this account and of no other. */
export function prepareSchema(db: DatabaseSync, iban: string): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;')
  db.exec('BEGIN IMMEDIATE')
  const known = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'meta'").get()
  if (known?.n === 0) {
    db.exec(TABLES)
    db.prepare('INSERT INTO meta (version, iban) VALUES (?, ?)').run(VERSION, iban)
  }
  for (let step = stepOf(db); step !== undefined; step = stepOf(db)) db.exec(`${step}; UPDATE meta SET version = version + 1`)
  if (db.prepare('SELECT version FROM meta').get()?.version === VERSION) {
    db.prepare('UPDATE meta SET file = ? WHERE file IS NULL').run(randomUUID())
  }
  db.exec('COMMIT')
  const meta = db.prepare('SELECT version, iban FROM meta').get()
  if (meta?.version !== VERSION || meta.iban !== iban) {
    throw new GatewayError('rail_unavailable', `the bank rail's data file is of version ${meta?.version} and account ${meta?.iban}`, {
      hint: `Give the data file of ${iban}, or an empty one.`,
    })
  }
}

function stepOf(db: DatabaseSync): string | undefined {
  return STEPS.get(db.prepare('SELECT version FROM meta').get()?.version)
}
