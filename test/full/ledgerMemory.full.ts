import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { USD } from '../../gateway/money/asset.ts'
import type { Leg } from '../../gateway/ports/books.ts'

const IN_FLIGHT = 1000
const ENTRIES = 400_000
const LEGS = 4
/** Rows of the newest segments, the key store's, and what waits to be written at the disk's speed. Without a segment store the rows alone are 200 MB. */
const BYTES_MAX = 130_000_000

const clock = { now: () => Date.now() }
const ids = uuidIds(clock)
const legs = Array.from({ length: LEGS }, (_, i): Leg => {
  return { kind: 'move', debit: 'rail:book:house', credit: `party:${i}`, asset: USD, units: 1n }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-memory-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('under full load the books keep what is old on disk as fast as it gets old', async () => {
  const warnings: string[] = []
  const before = process.memoryUsage().arrayBuffers
  const books = createBooks({
    journal: openSqliteJournal(join(folder, 'journal.db')),
    state: openStateFiles(join(folder, 'state')),
    clock,
    warn: (line) => warnings.push(line),
  })
  await books.start()
  let left = ENTRIES
  async function caller(): Promise<void> {
    while (left-- > 0) await books.submit({ entry: { id: ids.next('en_'), payment: ids.next('pi_'), legs } })
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
  const used = process.memoryUsage().arrayBuffers - before
  console.log(`${(used / 1e6).toFixed(0)} MB outside of the heap after ${ENTRIES} entries of ${LEGS} legs`)
  expect(used).toBeLessThan(BYTES_MAX)
  expect(warnings).toEqual([])
  await books.close()
}, 180_000)
