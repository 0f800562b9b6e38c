import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { historyOf } from './historyOf.ts'
import { createPeriodReads } from './readPeriods.ts'
import { CHANGES } from './readRows.ts'
import { SCHEMA } from './schema.ts'

const TABLES = 'c|e|d|k|s|changes|entries|accounts|assets|marks|facts'

/** Steps of a query that read a table from its first row to its last. */
function scansOf(db: DatabaseSync, sql: string): string[] {
  const values = Array.from(sql.matchAll(/\?/g), () => 1)
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map(({ detail }) => String(detail))
    .filter((detail) => new RegExp(`^SCAN (?:${TABLES})(?!.*USING (?:COVERING )?INDEX)`).test(detail))
}

test('what is read by account or by time reads no table whole', () => {
  const db = new DatabaseSync(':memory:')
  db.exec(SCHEMA)
  const read: string[] = [historyOf(CHANGES)]
  createPeriodReads((sql) => {
    read.push(sql)
    return () => []
  })
  expect(read.length).toBeGreaterThan(6)
  expect(read.flatMap((sql) => scansOf(db, sql))).toEqual([])
  expect(scansOf(db, CHANGES)).not.toEqual([])
})
