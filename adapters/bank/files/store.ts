import { type Database, openDatabase } from './database.ts'
import { recallTable } from './recallTable.ts'
import { openSpool } from './spool.ts'

type PaymentState = 'prepared' | 'staged' | 'sent' | 'withdrawn' | 'rejected' | 'booked'

/** A payment of ours and what the bank said about it. `code` is its reason for a rejection; `evidence` its reference of the booking. */
export type Payment = Readonly<{
  attemptId: string
  endToEndId: string
  units: bigint
  /** What the bank is expected to charge. */
  fee: bigint
  iban: string
  name: string
  /** Its element of a file; of a payment from before files had several, the whole file. */
  document: string
  /** Of the file that it is in. */
  messageId: string | null
  createdAt: number
  state: PaymentState
  code: string | null
  detail: string | null
  evidence: string | null
  settledAt: number | null
  proof: string | null
  /** What the banks call it between them, once ours has told. */
  transactionId: string | null
}>

export type EntryKind = 'received' | 'returned' | 'charge' | 'paid' | 'unexplained'

/** The file an item came from: `hash` is its SHA-256 in hex, `at` the bank's time of making it, in ms. */
export type Source = Readonly<{ hash: string; at: number }>

/** One part of a booking, as it is kept. `proof` is the SHA-256 of the file that first reported it; `reason` why a payment came back, as the bank codes it. */
export type EntryRow = Readonly<{
  seq: number
  id: string
  key: string
  side: 'credit' | 'debit'
  kind: EntryKind
  units: bigint
  bookedOn: string
  at: number
  attemptId: string | null
  reference: string | null
  payer: string | null
  /** The account that a credit came from, where the bank names it. */
  payerIban: string | null
  proof: string
  reason: string | null
  /** What the payer wrote. */
  remittance: string | null
  /** By which the bank named a payment; kept also of one that is not known here. */
  endToEndId: string | null
  /** The file of ours that it is of, where no payment is named. */
  batch: string | null
  statementId: string | null
  /** Drawn when it was written: two files, or two lives of one, that have an entry with the same `seq` and mark have all before it in common. */
  mark: string
}>

/** A status that the bank reported of an order; `code` is its reason for a rejection. */
type Stray = Readonly<{ state: string; code: string; detail: string | null }>

type StatementRow = Readonly<{ id: string; opening: bigint; closing: bigint; closingOn: string; at: number }>

/** Something that a person should look at: a refused file, a debit that is not ours, a report that contradicts another. */
export type Problem = Readonly<{ id: string; at: number; what: string; detail: string }>

const PROBLEMS_MAX = 1000
const OPEN_MAX = 10_000
const OPEN = "state IN ('prepared', 'staged', 'sent')"

const PAYMENT = `attempt_id AS attemptId, end_to_end_id AS endToEndId, units, fee, iban, name, document, message_id AS messageId, created_at AS createdAt,
  state, code, detail, evidence, settled_at AS settledAt, proof, transaction_id AS transactionId`
const ENTRY =
  'seq, id, key, side, kind, units, booked_on AS bookedOn, at, attempt_id AS attemptId, reference, payer, proof, reason, remittance, end_to_end_id AS endToEndId, statement_id AS statementId, mark, payer_iban AS payerIban, batch'
const STATEMENT = 'id, opening, closing, closing_on AS closingOn, at'

/** A payment before the bank has said anything about it. */
type NewPayment = Omit<Payment, 'messageId' | 'state' | 'code' | 'detail' | 'evidence' | 'settledAt' | 'proof' | 'transactionId'>

function paymentTable({ all, run }: Database) {
  return {
    payment: (attemptId: string) => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE attempt_id = ?`, attemptId)[0],
    paymentByEndToEndId: (id: string) => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE end_to_end_id = ?`, id)[0],
    /** Handed over or about to be, and neither debited nor rejected. */
    openPayments: () =>
      all<Pick<Payment, 'attemptId' | 'units'>>(`SELECT attempt_id AS attemptId, units FROM payments WHERE ${OPEN} LIMIT ${OPEN_MAX}`),
    /** What all of them take, with their charges. */
    openSum: () => all<{ sum: bigint }>(`SELECT coalesce(sum(units + fee), 0) AS sum FROM payments WHERE ${OPEN}`)[0]!.sum,
    /** Those of one file. */
    paymentsOf: (messageId: string) => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE message_id = ?`, messageId),
    addPayment: (p: NewPayment) =>
      run(
        `INSERT INTO payments (attempt_id, end_to_end_id, units, fee, iban, name, document, created_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'prepared')`,
        ...[p.attemptId, p.endToEndId, p.units, p.fee, p.iban, p.name, p.document, p.createdAt],
      ),
    /** Puts back a payment that an older or lost file knew: it may be with the bank, so it never leaves again. `detail` says so until the bank ends it. */
    restorePayment: (p: Omit<NewPayment, 'document'>, detail: string) =>
      run(
        `INSERT INTO payments (attempt_id, end_to_end_id, units, fee, iban, name, document, created_at, state, detail)
          VALUES (?, ?, ?, ?, ?, ?, '', ?, 'sent', ?)`,
        ...[p.attemptId, p.endToEndId, p.units, p.fee, p.iban, p.name, p.createdAt, detail],
      ),
    setState: (attemptId: string, state: PaymentState) => run('UPDATE payments SET state = ? WHERE attempt_id = ?', state, attemptId),
    /** Its file is complete, and has not left. */
    setStaged: (attemptId: string, messageId: string) =>
      run("UPDATE payments SET state = 'staged', message_id = ? WHERE attempt_id = ?", messageId, attemptId),
    /** The file has left. */
    setFileSent: (messageId: string) => run("UPDATE payments SET state = 'sent' WHERE message_id = ? AND state = 'staged'", messageId),
    /** Why it comes back, before or after its booking; its state stands. */
    setCode: (attemptId: string, code: string) => run('UPDATE payments SET code = ? WHERE attempt_id = ?', code, attemptId),
    setTransactionId: (attemptId: string, id: string) => run('UPDATE payments SET transaction_id = ? WHERE attempt_id = ?', id, attemptId),
    setRejected: (attemptId: string, code: string, detail: string | null) =>
      run("UPDATE payments SET state = 'rejected', code = ?, detail = ? WHERE attempt_id = ?", code, detail, attemptId),
    setBooked: (attemptId: string, evidence: string, at: number, proof: string) =>
      run(
        "UPDATE payments SET state = 'booked', evidence = ?, settled_at = ?, proof = ? WHERE attempt_id = ?",
        evidence,
        at,
        proof,
        attemptId,
      ),
  }
}

function announcedTable({ all, run }: Database) {
  return {
    /** The name that this file got when it was made. */
    fileName: () => all<{ file: string }>('SELECT file FROM meta')[0]!.file,
    announce: (attemptId: string, at: number) => run('INSERT OR IGNORE INTO announced VALUES (?, ?)', attemptId, at),
    isAnnounced: (attemptId: string) => all('SELECT attempt_id FROM announced WHERE attempt_id = ?', attemptId).length > 0,
    setTaken: (attemptId: string) => run('DELETE FROM announced WHERE attempt_id = ?', attemptId),
    forgetAnnounced: (before: number) => run('DELETE FROM announced WHERE at < ?', before),
  }
}

function strayTable({ all, run }: Database) {
  return {
    /** What the bank said of an order that is not known here; a rejection is not forgotten for a later word. */
    addStray: (s: Stray & { endToEndId: string; at: number }) =>
      run(
        `INSERT INTO strays VALUES (?, ?, ?, ?, ?) ON CONFLICT (end_to_end_id) DO UPDATE
          SET state = excluded.state, code = excluded.code, detail = excluded.detail, at = excluded.at WHERE state <> 'rejected'`,
        ...[s.endToEndId, s.state, s.code, s.detail, s.at],
      ),
    stray: (endToEndId: string) => all<Stray>('SELECT state, code, detail FROM strays WHERE end_to_end_id = ?', endToEndId)[0],
    endStray(endToEndId: string): void {
      run('DELETE FROM strays WHERE end_to_end_id = ?', endToEndId)
      run('DELETE FROM problems WHERE id = ?', `stray:${endToEndId}`)
    },
    forgetStrays: (before: number) => run('DELETE FROM strays WHERE at < ?', before),
  }
}

/** Credits less debits in two parts, because a sum of SQLite ends at 2^63 and then is an error. */
const SIGNED = "iif(side = 'credit', units, -units)"
const SUM = `coalesce(sum(${SIGNED} / 1000000), 0) AS whole, coalesce(sum(${SIGNED} % 1000000), 0) AS rest`
type Parts = Readonly<{ whole: bigint; rest: bigint }>
const summed = ({ whole, rest }: Parts) => whole * 1_000_000n + rest

function entryTable({ all, run }: Database) {
  return {
    isBooked: (key: string) => all('SELECT seq FROM entries WHERE key = ? LIMIT 1', key).length > 0,
    addEntry: (e: Omit<EntryRow, 'seq' | 'statementId' | 'mark'>) =>
      run(
        `INSERT INTO entries (id, key, side, kind, units, booked_on, at, attempt_id, reference, payer, proof, reason, remittance, end_to_end_id, payer_iban,
          batch, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, hex(randomblob(8)))`,
        ...[
          e.id,
          e.key,
          e.side,
          e.kind,
          e.units,
          e.bookedOn,
          e.at,
          e.attemptId,
          e.reference,
          e.payer,
          e.proof,
          e.reason,
          e.remittance,
          e.endToEndId,
          e.payerIban,
          e.batch,
        ],
      ),
    /** Debits that no payment explained when they were read, under the name of one. */
    unexplained: (endToEndId: string) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE kind = 'unexplained' AND end_to_end_id = ? ORDER BY seq LIMIT 2`, endToEndId),
    setExplained: (id: string, attemptId: string) => {
      run("UPDATE entries SET kind = 'paid', attempt_id = ? WHERE id = ?", attemptId, id)
      run('DELETE FROM problems WHERE id = ?', `unexplained:${id}`)
    },
    /** Entries whose key begins so, without those of one key. */
    entriesOf: (prefix: string, but: string) =>
      all<EntryRow>(
        `SELECT ${ENTRY} FROM entries WHERE key >= ? AND key < ? AND key <> ? ORDER BY seq LIMIT ${OPEN_MAX}`,
        prefix,
        `${prefix}\u{10ffff}`,
        but,
      ),
    /** The day on which the bank booked it. */
    bookedOn: (id: string) => all<{ bookedOn: string }>('SELECT booked_on AS bookedOn FROM entries WHERE id = ?', id)[0]?.bookedOn,
    hasEntry: (seq: number, mark: string) => all('SELECT seq FROM entries WHERE seq = ? AND mark = ?', seq, mark).length > 0,
    entriesAfter: (seq: number, limit: number) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit),
    /** Credits less debits that no statement lists, booked after `day`, and the time of the newest. */
    unlistedSum(day: string): { sum: bigint; at: number | null } {
      const sql = `SELECT ${SUM}, max(at) AS at FROM entries WHERE statement_id IS NULL AND booked_on > ?`
      const [row] = all<Parts & { at: number | null }>(sql, day)
      return { sum: summed(row!), at: row!.at }
    },
    /** Credits less debits of all that is a settlement and in the balance: on a statement, or notified for after `day`, which the last one closes. */
    toldSum: (day: string) =>
      summed(
        all<Parts>(
          `SELECT ${SUM} FROM entries WHERE kind NOT IN ('paid', 'unexplained') AND (statement_id IS NOT NULL OR booked_on > ?)`,
          day,
        )[0]!,
      ),
    /** Entries that a statement should have listed. */
    unlistedUntil: (day: string) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE statement_id IS NULL AND booked_on <= ? ORDER BY seq LIMIT ${OPEN_MAX}`, day),
    /** The first statement that lists it keeps it, so that each is in one. */
    listEntry: (key: string, statementId: string) =>
      run('UPDATE entries SET statement_id = ? WHERE key = ? AND statement_id IS NULL', statementId, key),
    listedBy: (statementId: string, seq: number, limit: number) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE statement_id = ? AND seq > ? ORDER BY seq LIMIT ?`, statementId, seq, limit),
  }
}

function fileTables({ all, run }: Database) {
  const addStatement = (s: StatementRow) =>
    run('INSERT INTO statements VALUES (?, ?, ?, ?, ?)', s.id, s.opening, s.closing, s.closingOn, s.at)
  return {
    statement: (id: string) => all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE id = ?`, id)[0],
    lastStatement: () => all<StatementRow>(`SELECT ${STATEMENT} FROM statements ORDER BY closing_on DESC, rowid DESC LIMIT 1`)[0],
    /** The last that ends on this day or before, and the first that ends after it. */
    statementUntil: (day: string) =>
      all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE closing_on <= ? ORDER BY closing_on DESC, rowid DESC LIMIT 1`, day)[0],
    statementAfter: (day: string) =>
      all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE closing_on > ? ORDER BY closing_on, rowid LIMIT 1`, day)[0],
    statementsFrom: (day: string, limit: number) =>
      all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE closing_on >= ? ORDER BY closing_on, rowid LIMIT ?`, day, limit),
    statementBefore: (day: string) =>
      all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE closing_on < ? ORDER BY closing_on DESC, rowid DESC LIMIT 1`, day)[0],
    statementsOn: (day: string, limit: number) =>
      all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE closing_on = ? ORDER BY rowid LIMIT ?`, day, limit),
    addStatement,
    /** Puts those of one day, which are all of it, in this order. */
    orderStatements(day: string, statements: readonly StatementRow[]): void {
      run('DELETE FROM statements WHERE closing_on = ?', day)
      for (const one of statements) addStatement(one)
    },
    /** A file that was taken, by the SHA-256 of its bytes. */
    file: (hash: string) => all<{ hash: string; name: string }>('SELECT hash, name FROM files WHERE hash = ?', hash)[0],
    addFile: (hash: string, name: string, at: number) => run('INSERT INTO files VALUES (?, ?, ?)', hash, name, at),
    addProblem: (p: Problem) => run('INSERT OR IGNORE INTO problems VALUES (?, ?, ?, ?)', p.id, p.at, p.what, p.detail),
    /** A statement that came before its turn may have been said to lack the entry. */
    endUnlisted: (key: string) => run("DELETE FROM problems WHERE id IN (SELECT 'unlisted:' || id FROM entries WHERE key = ?)", key),
    hasProblem: (id: string) => all('SELECT id FROM problems WHERE id = ?', id).length > 0,
    endProblem: (id: string) => run('DELETE FROM problems WHERE id = ?', id),
    problems: () => all<Problem>(`SELECT id, at, what, detail FROM problems ORDER BY rowid DESC LIMIT ${PROBLEMS_MAX}`),
  }
}

/** What banks have said of one account: `correction` is how the network's reader understood it. */
type AccountWord = Readonly<{ returned: string | null; changed: string | null; correction: string | null; at: number }>

function wordTables({ all, run }: Database) {
  const fileOf = (id: string) => all<{ place: number }>('SELECT place FROM file_names WHERE id = ?', id)[0]?.place
  const filesOn = (day: string) => all<{ n: number }>('SELECT count(*) AS n FROM file_names WHERE day = ?', day)[0]!.n
  return {
    filesOn,
    /** Which file of the day it is, from 0, always the same for one id; undefined when the day has `most` already. */
    nameFile({ id, reference, day, most }: Readonly<{ id: string; reference: string; day: string; most: number }>): number | undefined {
      const known = fileOf(id)
      if (known !== undefined) return known
      const place = filesOn(day)
      if (place >= most) return undefined
      run('INSERT INTO file_names VALUES (?, ?, ?, ?)', id, reference, day, place)
      return place
    },
    fileByReference: (reference: string) => all<{ id: string }>('SELECT id FROM file_names WHERE reference = ?', reference)[0]?.id,
    accountWord: (account: string) =>
      all<AccountWord>('SELECT returned, changed, correction, at FROM account_words WHERE account = ?', account)[0],
    markAccount: (account: string, code: string, at: number) =>
      run(
        `INSERT INTO account_words VALUES (?, ?, NULL, NULL, ?) ON CONFLICT (account) DO UPDATE SET returned = excluded.returned, correction = NULL,
          at = excluded.at`,
        ...[account, code, at],
      ),
    correctAccount: (account: string, { code, correction, at }: Readonly<{ code: string; correction: string; at: number }>) =>
      run(
        `INSERT INTO account_words VALUES (?, NULL, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET changed = excluded.changed,
          correction = excluded.correction, at = excluded.at`,
        ...[account, code, correction, at],
      ),
  }
}

export type BankStore = ReturnType<typeof openStore>

/** The rail's own memory: payments, bookings, statements, taken files. Every write is durable when it returns. */
export function openStore(file: string, iban: string) {
  const db = openDatabase(file, iban)
  return {
    ...paymentTable(db),
    ...announcedTable(db),
    ...strayTable(db),
    ...entryTable(db),
    ...fileTables(db),
    ...wordTables(db),
    ...recallTable(db),
    /** Entries of the file that is being read. */
    spool: openSpool(db),
    transaction: db.transaction,
    close: db.close,
  }
}
