import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { prepareSchema } from './schema.ts'

/** Columns that hold money come back as bigint, all other integers as number. */
const MONEY = new Set(['units', 'opening', 'closing', 'sum', 'whole', 'rest'])

export type Database = ReturnType<typeof openDatabase>

/** The data file of one account. Every write is durable when it returns. Throws `rail_unavailable` when the file is of another account. */
export function openDatabase(file: string, iban: string) {
  const db = new DatabaseSync(file)
  try {
    prepareSchema(db, iban)
  } catch (error) {
    db.close()
    throw error
  }
  // Each text is one of this folder's own, so there are few.
  const prepared = new Map<string, StatementSync>()
  function prepare(sql: string): StatementSync {
    const known = prepared.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    statement.setReadBigInts(true)
    prepared.set(sql, statement)
    return statement
  }
  return {
    all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
      return prepare(sql)
        .all(...values)
        .map((row) => {
          const fields = Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'bigint' && !MONEY.has(name) ? Number(value) : value,
          ])
          // The tables are STRICT and each query names every field of its Row, so the row has that form.
          return Object.fromEntries(fields) as Row
        })
    },
    run(sql: string, ...values: SQLInputValue[]): void {
      prepare(sql).run(...values)
    },
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
    close: () => db.close(),
  }
}
