import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { createVerifier } from '../../gateway/audit/reconcile/verify.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { USD } from '../../gateway/money/asset.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import { entryId } from '../../test/projection/bookTraffic.ts'
import { openJournalCheck } from './openJournalCheck.ts'

const DEADLINE_MS = 120_000
/** Rows that the thread which answers may touch in one turn of its loop: blocks that it reads, and balances that it looks up. */
const ROWS_A_TURN = 256
const BLOCKS = 700

let folder: string
const clock = { now: () => Date.now() }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-verify-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Counts rows, and the most of them in one turn of this thread's loop. */
function rowMeter() {
  let rows = 0
  const meter = { most: 0, total: 0, turns: 0, add, stop: () => clearImmediate(next) }
  function add(): void {
    rows += 1
    meter.total += 1
    if (rows > meter.most) meter.most = rows
  }
  function turn(): void {
    rows = 0
    meter.turns += 1
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  return meter
}

/** Books on a journal, `verify` as a gateway has it, and what either costs the thread that answers. */
async function open(change: (books: Books) => Books = (books) => books) {
  const meter = rowMeter()
  const store = openSqliteJournal(join(folder, 'journal.db'))
  const journal: JournalStore = {
    ...store,
    async *read(after) {
      for await (const block of store.read(after)) {
        meter.add()
        yield block
      }
    },
  }
  const own = createBooks({ journal, clock })
  await own.start()
  const books = change({
    ...own,
    balance(path, asset) {
      meter.add()
      return own.balance(path, asset)
    },
  })
  const check = openJournalCheck({ kind: 'file', path: join(folder, 'journal.db') }, books)
  const parts = { books, statements: [], chains: [], tables: () => [], inFlight: () => [], waiting: () => [], reserved: () => [] }
  const { verify, verifying } = createVerifier({ ...parts, journal: check, now: clock.now })
  return {
    books,
    meter,
    verify,
    verifying,
    async close() {
      meter.stop()
      await check.close()
      await own.close()
    },
  }
}

let entries = 0
function pay(books: Books, to: string) {
  const leg = { kind: 'move', debit: 'rail:book:house', credit: to, asset: USD, units: 1n } as const
  return books.submit({ entry: { id: entryId(++entries), payment: 'x', legs: [leg] } })
}

describe('verify', () => {
  test(
    'takes few rows of the answering thread at a time, however long the journal is',
    async () => {
      const yard = await open()
      for (let n = 0; n < BLOCKS; n++) await Promise.all([pay(yard.books, `party:pa_${n}`), pay(yard.books, `party:pa_x${n}`)])
      const before = yard.meter.turns
      const asked = yard.verify()
      expect(yard.verifying()).toEqual({ block: 0, of: BLOCKS })
      const { ok, journal, sums } = await asked
      expect(yard.verifying()).toBeUndefined()
      // Every balance was compared, and no block was read here.
      expect(yard.meter.total).toBe(2 * BLOCKS + 1)
      expect({ ok, ...journal }).toMatchObject({
        ok: true,
        blocks: yard.books.head().seq,
        verdict: 'unbroken',
        head: yard.books.head().hash,
      })
      expect(sums).toMatchObject([{ asset: 'USD', debits: `${2 * BLOCKS}`, credits: `${2 * BLOCKS}`, verdict: 'equal' }])
      expect(yard.meter.most).toBeLessThanOrEqual(ROWS_A_TURN)
      expect(yard.meter.turns).toBeGreaterThan(before)
      await yard.close()
    },
    DEADLINE_MS,
  )

  test(
    'begins and ends while payments never pause, at the block where it was asked',
    async () => {
      const yard = await open()
      await pay(yard.books, 'party:pa_0')
      let over = false
      let left = 40_000
      const caller = async (name: string) => {
        while (!over && left-- > 0) await pay(yard.books, name)
      }
      const callers = Promise.all(Array.from({ length: 16 }, (_, n) => caller(`party:pa_${n}`)))
      const asked = yard.books.head().seq
      const verification = await yard.verify()
      expect(left).toBeGreaterThan(0)
      over = true
      await callers
      expect(verification).toMatchObject({ ok: true, journal: { blocks: asked, verdict: 'unbroken' } })
      await yard.close()
    },
    DEADLINE_MS,
  )

  test(
    'is done once for all who ask meanwhile',
    async () => {
      const yard = await open()
      await pay(yard.books, 'party:pa_0')
      const [one, other] = await Promise.all([yard.verify(), yard.verify()])
      expect(one).toBe(other)
      await yard.close()
    },
    DEADLINE_MS,
  )

  test(
    'finds a block that was changed, and a balance that the journal does not have',
    async () => {
      const yard = await open((books) => ({
        ...books,
        balance: (path, asset) => {
          const balance = books.balance(path, asset)
          return path === 'party:pa_3' ? { ...balance, creditsPosted: balance.creditsPosted + 1n } : balance
        },
      }))
      for (let n = 0; n < 5; n++) await pay(yard.books, `party:pa_${n}`)
      const wrong = await yard.verify()
      expect(wrong).toMatchObject({
        ok: false,
        journal: { verdict: 'broken', detail: expect.stringContaining('party:pa_3 in USD differs') },
      })
      const db = new DatabaseSync(join(folder, 'journal.db'), { timeout: 5000 })
      db.exec('UPDATE journal SET at = at + 1 WHERE seq = 2')
      db.close()
      const broken = await yard.verify()
      expect(broken).toMatchObject({ ok: false, journal: { verdict: 'broken', detail: expect.stringContaining('broken at block 2') } })
      await yard.close()
    },
    DEADLINE_MS,
  )
})
