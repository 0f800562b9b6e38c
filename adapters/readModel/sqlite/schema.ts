/** Marks the file as a read model ("swyr"). A file of another format is built again. */
export const APPLICATION_ID = 0x73777972
export const FORMAT = 8

/**
 * Units are INTEGER below 2^63 and decimal TEXT from there on (columns of type ANY), because balances have 128 bits and SQLite's integers 64.
 * Times are in ns since 1970, those of facts and payments in ms. Rows are appended in the order of the journal; only accounts, groups, holds, payments and
 * what is listed change. `listed_by` is the index of lists: a facet is a list with one thing that can be asked for, such as a status (`facets.ts`).
 */
export const SCHEMA = `
  CREATE TABLE cursor (
    id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, entries INTEGER NOT NULL, changes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE accounts (
    n INTEGER PRIMARY KEY, id BLOB NOT NULL, path TEXT NOT NULL, ledger INTEGER NOT NULL, created_at INTEGER NOT NULL,
    last INTEGER NOT NULL, changes INTEGER NOT NULL,
    debits_posted ANY NOT NULL, credits_posted ANY NOT NULL, debits_pending ANY NOT NULL, credits_pending ANY NOT NULL,
    UNIQUE (path, ledger)
  ) STRICT;
  CREATE TABLE group_totals (
    name TEXT NOT NULL, ledger INTEGER NOT NULL, debits ANY NOT NULL, credits ANY NOT NULL, PRIMARY KEY (name, ledger)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE assets (ledger INTEGER PRIMARY KEY, id TEXT NOT NULL, code TEXT NOT NULL, scale INTEGER NOT NULL) STRICT;
  CREATE TABLE entries (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, payment TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, legs INTEGER NOT NULL,
    first_change INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_payment ON entries (payment);
  CREATE TABLE changes (
    n INTEGER PRIMARY KEY, entry INTEGER NOT NULL, leg INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, units ANY NOT NULL,
    hold INTEGER NOT NULL, timeout_s INTEGER NOT NULL,
    debit INTEGER NOT NULL, debit_before INTEGER NOT NULL,
    debit_debits_posted ANY NOT NULL, debit_credits_posted ANY NOT NULL, debit_debits_pending ANY NOT NULL, debit_credits_pending ANY NOT NULL,
    credit INTEGER NOT NULL, credit_before INTEGER NOT NULL,
    credit_debits_posted ANY NOT NULL, credit_credits_posted ANY NOT NULL, credit_debits_pending ANY NOT NULL, credit_credits_pending ANY NOT NULL
  ) STRICT;
  CREATE TABLE marks (account INTEGER NOT NULL, at INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (account, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE holds (id BLOB PRIMARY KEY, change INTEGER NOT NULL, debit INTEGER NOT NULL, credit INTEGER NOT NULL, units ANY NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE TABLE facts (
    seq INTEGER NOT NULL, n INTEGER NOT NULL, subject TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (subject, seq, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE payments (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, status TEXT NOT NULL, rail TEXT NOT NULL, asset TEXT NOT NULL, units ANY NOT NULL, party TEXT NOT NULL,
    receipt TEXT NOT NULL, key TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX payments_by_receipt ON payments (receipt);
  CREATE TABLE metadata (payment TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (payment, key)) STRICT, WITHOUT ROWID;
  CREATE INDEX metadata_by_value ON metadata (key, value, payment);
  CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_type ON events (type, id);
  CREATE INDEX events_by_subject ON events (subject, id);
  CREATE TABLE event_parties (party TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (party, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX event_parties_by_type ON event_parties (party, type, id);
  CREATE TABLE acts (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, party TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE act_places (
    party TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (party, what, value, at, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event_subjects (id TEXT PRIMARY KEY, parties TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE listed (
    n INTEGER PRIMARY KEY, list TEXT NOT NULL, id TEXT NOT NULL, created_at INTEGER NOT NULL, status TEXT NOT NULL, rail TEXT NOT NULL,
    asset TEXT NOT NULL, units ANY NOT NULL, parties TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE (id, list)
  ) STRICT;
  CREATE TABLE listed_by (facet TEXT NOT NULL, created_at INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (facet, created_at, n))
    STRICT, WITHOUT ROWID;
`

/** Every table with the columns that order it, for a dump. */
export const TABLES = [
  ['cursor', 'id'],
  ['accounts', 'n'],
  ['assets', 'ledger'],
  ['group_totals', 'name, ledger'],
  ['entries', 'n'],
  ['changes', 'n'],
  ['marks', 'account, at'],
  ['holds', 'id'],
  ['facts', 'seq, n'],
  ['payments', 'id'],
  ['metadata', 'payment, key'],
  ['events', 'id'],
  ['event_parties', 'party, id'],
  ['event_subjects', 'id'],
  ['acts', 'n'],
  ['act_places', 'party, what, value, at, n'],
  ['listed', 'n'],
  ['listed_by', 'facet, created_at, n'],
] as const
