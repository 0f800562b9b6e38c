import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Balances, type ChangeView, MARK_EVERY, type ReadAccount, type ReadModel } from '../../../gateway/ports/readModel.ts'
import { historyOf } from './historyOf.ts'
import { createActReads } from './readActs.ts'
import { createEventReads, type Query } from './readEvents.ts'
import { createListReads } from './readLists.ts'
import { createPeriodReads } from './readPeriods.ts'
import { ACCOUNTS, CHANGES, GROUPS, readCursor, toAccount, toChangeView, toEntry, toFact, toGroup, toPayment } from './readRows.ts'
import { APPLICATION_ID, FORMAT } from './schema.ts'

const LOCK_WAIT_MS = 2000
const NOTHING: Balances = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }

/** Opens the read model at `path` to read, beside its projector or without one. Throws when it is not there or has another format. */
export function openReadModel(path: string): ReadModel {
  const db = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS })
  requireFormat(db, path)
  const query = queries(db)
  const accounts = query(`${ACCOUNTS} WHERE a.path >= ? AND a.path < ? ORDER BY a.path, a.ledger LIMIT ?`)
  const changesIn = query(`${CHANGES} WHERE c.n BETWEEN ? AND ? ORDER BY c.n`)
  const history = query(historyOf(CHANGES))
  const entryById = query('SELECT * FROM entries WHERE id = ?')
  const entriesOf = query('SELECT * FROM entries WHERE payment = ? ORDER BY n LIMIT ?')
  const payment = query('SELECT * FROM payments WHERE id = ?')
  const metadata = query('SELECT key, value FROM metadata WHERE payment = ? ORDER BY key')
  const paymentsWith = query('SELECT payment FROM metadata WHERE key = ? AND value = ? ORDER BY payment DESC LIMIT ?')
  const facts = query('SELECT * FROM facts WHERE subject = ? ORDER BY seq, n LIMIT ?')
  const newest = query('SELECT * FROM facts WHERE subject = ? AND type = ? ORDER BY seq DESC, n DESC LIMIT ?')
  // A receipt is filed under the payment that it names when that is an intent, else under itself.
  const receipt = query(`SELECT * FROM facts WHERE subject IN (SELECT ?1 UNION SELECT id FROM payments WHERE receipt = ?1)
    AND type = 'receipt.issued' AND id = ?1 LIMIT 1`)
  const balancesAt = balancesAtTime(query)
  const groups = query(GROUPS)

  return {
    cursor: () => readCursor(db),
    whole() {
      db.exec('BEGIN')
      try {
        return { cursor: readCursor(db), accounts: query(`${ACCOUNTS} ORDER BY a.n`)().map(toAccount) }
      } finally {
        db.exec('COMMIT')
      }
    },
    balances(prefix, { limit, at }) {
      const found = accounts(prefix, afterPrefix(prefix), limit).map(toAccount)
      return at === undefined ? found : found.filter((a) => a.createdAt <= at).map((a) => ({ ...a, ...balancesAt(a, at) }))
    },
    groups: () => groups().map(toGroup),
    history(account, { limit, before }) {
      const last = before === undefined ? startOf(account) : before
      return history(account, last, before === undefined ? 0 : 1, limit).map(toChangeView)
    },
    entry(entryId) {
      const [row] = entryById(entryId)
      if (!row) return undefined
      const first = Number(row.first_change)
      const entry = toEntry(row)
      return { ...entry, changes: changesIn(first, first + entry.legs - 1).map(toChangeView) }
    },
    entriesOf: (of, limit) => entriesOf(of, limit).map(toEntry),
    payment(paymentId) {
      const [row] = payment(paymentId)
      if (!row) return undefined
      const pairs = metadata(paymentId).map(({ key, value }) => [key as string, value as string] as const) // STRICT columns.
      return { ...toPayment(row), metadata: Object.fromEntries(pairs) }
    },
    paymentsWith: (key, value, limit) => paymentsWith(key, value, limit).map((row) => row.payment as string), // STRICT column.
    receipt: (of) => receipt(of).map(toFact)[0],
    facts: (subject, limit) => facts(subject, limit).map(toFact),
    newestFacts: (subject, type, limit) => newest(subject, type, limit).map(toFact),
    ...createEventReads(query),
    ...createActReads(query),
    ...createPeriodReads(query),
    lists: createListReads(query),
    close: () => db.close(),
  }

  function startOf(account: number): number {
    return Number(query('SELECT last FROM accounts WHERE n = ?')(account)[0]?.last ?? 0)
  }
}

/** Statements that are prepared once and read with bigints. */
function queries(db: DatabaseSync): Query {
  return (sql) => {
    const statement = db.prepare(sql)
    statement.setReadBigInts(true)
    return (...values: SQLInputValue[]) => statement.all(...values) as Record<string, unknown>[] // node:sqlite gives plain rows.
  }
}

function requireFormat(db: DatabaseSync, path: string): void {
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  const format = db.prepare('PRAGMA user_version').get()?.user_version
  if (id === APPLICATION_ID && format === FORMAT) return
  db.close()
  throw new Error(`${path} is not a read model of format ${FORMAT}. Start the gateway once: it builds it from the journal.`)
}

/** An account's balances at a time: from the first marked change behind that time, or the newest, it is at most `MARK_EVERY` changes back. */
function balancesAtTime(query: Query): (account: ReadAccount, at: bigint) => Balances {
  const markAfter = query('SELECT change FROM marks WHERE account = ? AND at > ? ORDER BY at LIMIT 1')
  const steps = query(historyOf(CHANGES))
  return (account, at) => {
    const start = Number(markAfter(account.n, at)[0]?.change ?? account.last)
    if (start === 0) return NOTHING
    const change = steps(account.n, start, 0, MARK_EVERY + 1)
      .map(toChangeView)
      .find((c) => c.at <= at)
    return change ? sideOf(change, account.n) : NOTHING
  }
}

function sideOf({ debit, credit }: ChangeView, account: number): Balances {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = debit.account === account ? debit : credit
  return { debitsPosted, creditsPosted, debitsPending, creditsPending }
}

/** The smallest text behind every text that begins with `prefix`. Paths are ASCII. */
function afterPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`
}
