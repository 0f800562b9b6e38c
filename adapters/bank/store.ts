import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { prepareSchema } from './schema.ts'

export type PaymentState = 'prepared' | 'staged' | 'sent' | 'withdrawn' | 'rejected' | 'booked'

/** A payment of ours and what the bank said about it. `code` is its reason for a rejection; `evidence` its reference of the booking. */
export type Payment = Readonly<{
  attemptId: string
  endToEndId: string
  units: bigint
  iban: string
  name: string
  document: string
  createdAt: number
  state: PaymentState
  code: string | null
  detail: string | null
  evidence: string | null
  settledAt: number | null
  proof: string | null
}>

export type EntryKind = 'received' | 'returned' | 'charge' | 'paid' | 'unexplained'

/** One part of a booking, as it is kept. `proof` is the SHA-256 of the file that first reported it. */
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
  proof: string
}>

export type StatementRow = Readonly<{ id: string; opening: bigint; closing: bigint; closingOn: string; at: number }>

/** Something that a person should look at: a refused file, a debit that is not ours, a report that contradicts another. */
export type Problem = Readonly<{ id: string; at: number; what: string; detail: string }>

const PROBLEMS_MAX = 1000
const OPEN_MAX = 10_000

const PAYMENT = `attempt_id AS attemptId, end_to_end_id AS endToEndId, units, iban, name, document, created_at AS createdAt, state, code, detail,
  evidence, settled_at AS settledAt, proof`
const ENTRY = 'seq, id, key, side, kind, units, booked_on AS bookedOn, at, attempt_id AS attemptId, reference, payer, proof'
const STATEMENT = 'id, opening, closing, closing_on AS closingOn, at'

/** Columns that hold money come back as bigint, all other integers as number. */
const MONEY = new Set(['units', 'opening', 'closing', 'sum'])

export type BankStore = ReturnType<typeof openStore>

/** The rail's own memory: payments, bookings, statements, taken files. Every write is durable when it returns. */
export function openStore(file: string, iban: string) {
  const db = new DatabaseSync(file)
  try {
    prepareSchema(db, iban)
  } catch (error) {
    db.close()
    throw error
  }

  function all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    const statement = db.prepare(sql)
    statement.setReadBigInts(true)
    return statement.all(...values).map((row) => {
      const fields = Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'bigint' && !MONEY.has(name) ? Number(value) : value,
      ])
      // The tables are STRICT and the column lists above name every field of Row, so the row has its form.
      return Object.fromEntries(fields) as Row
    })
  }
  const run = (sql: string, ...values: SQLInputValue[]) => Number(db.prepare(sql).run(...values).changes)

  return {
    /** All or nothing, durable when it returns. An exception from the commit itself reaches the caller, who must stop. */
    transaction<T>(work: () => T): T {
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    payment: (attemptId: string) => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE attempt_id = ?`, attemptId)[0],
    paymentByEndToEndId: (id: string) => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE end_to_end_id = ?`, id)[0],
    openPayments: () => all<Payment>(`SELECT ${PAYMENT} FROM payments WHERE state IN ('prepared', 'staged', 'sent') LIMIT ${OPEN_MAX}`),
    addPayment: (p: Omit<Payment, 'state' | 'code' | 'detail' | 'evidence' | 'settledAt' | 'proof'>) =>
      run(
        `INSERT INTO payments (attempt_id, end_to_end_id, units, iban, name, document, created_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'prepared')`,
        ...[p.attemptId, p.endToEndId, p.units, p.iban, p.name, p.document, p.createdAt],
      ),
    setState: (attemptId: string, state: PaymentState) => run('UPDATE payments SET state = ? WHERE attempt_id = ?', state, attemptId),
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

    isBooked: (key: string) => all('SELECT seq FROM entries WHERE key = ? LIMIT 1', key).length > 0,
    addEntry: (e: Omit<EntryRow, 'seq'>) =>
      run(
        `INSERT INTO entries (id, key, side, kind, units, booked_on, at, attempt_id, reference, payer, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[e.id, e.key, e.side, e.kind, e.units, e.bookedOn, e.at, e.attemptId, e.reference, e.payer, e.proof],
      ),
    entriesAfter: (seq: number, limit: number) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit),
    /** Credits less debits that no statement lists, booked after `day`, and the time of the newest. */
    unlistedSum: (day: string) =>
      all<{ sum: bigint; at: number | null }>(
        `SELECT coalesce(sum(iif(side = 'credit', units, -units)), 0) AS sum, max(at) AS at FROM entries WHERE statement_id IS NULL AND booked_on > ?`,
        day,
      )[0]!,
    unlistedUntil: (day: string) =>
      all<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE statement_id IS NULL AND booked_on <= ? ORDER BY seq LIMIT ${OPEN_MAX}`, day),
    listEntry: (key: string, statementId: string) => run('UPDATE entries SET statement_id = ? WHERE key = ?', statementId, key),

    statement: (id: string) => all<StatementRow>(`SELECT ${STATEMENT} FROM statements WHERE id = ?`, id)[0],
    lastStatement: () => all<StatementRow>(`SELECT ${STATEMENT} FROM statements ORDER BY closing_on DESC, rowid DESC LIMIT 1`)[0],
    addStatement: (s: StatementRow) => run('INSERT INTO statements VALUES (?, ?, ?, ?, ?)', s.id, s.opening, s.closing, s.closingOn, s.at),

    file: (hash: string) => all<{ hash: string; name: string }>('SELECT hash, name FROM files WHERE hash = ?', hash)[0],
    addFile: (hash: string, name: string, at: number) => run('INSERT INTO files VALUES (?, ?, ?)', hash, name, at),
    addProblem: (p: Problem) => run('INSERT OR IGNORE INTO problems VALUES (?, ?, ?, ?)', p.id, p.at, p.what, p.detail),
    problems: () => all<Problem>(`SELECT id, at, what, detail FROM problems ORDER BY rowid DESC LIMIT ${PROBLEMS_MAX}`),
    close: () => db.close(),
  }
}
