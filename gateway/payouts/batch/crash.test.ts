import { expect, onTestFinished, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { boot, expectBalanced, makeRails, PAYEE, posted, type Rails, START, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { money } from '../../money/money.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { Destination } from '../../ports/sender.ts'
import { payoutOfRow } from './batch.ts'
import { type Batches, createBatches } from './batches.ts'
import { type BatchRecords, createBatchRecords } from './batchRecords.ts'
import type { BatchId } from './facts.ts'
import { batchPolicy } from './policy.ts'

const ID: BatchId = `pb_019ab2f08c6e7d41a3b5c7d9e1f2${'0'.repeat(4)}`
const PARTY = 'pa_00000000000000000000000000000001'
const UNITS = 10_000n
/** One row that its rail refuses, between rows that are paid by two rails and the book. */
const ROWS: readonly (readonly Destination[])[] = [[to.evm], [to.node], [to.party], [to.iban], [to.evm]]
const APPENDS_MAX = 60
/** Rows here are paid in turn, so that the appends are the same each time. */
const policy = { ...batchPolicy, chunk: 2, retryMs: 5 }

async function open(rails: Rails, journal: JournalStore) {
  let [batches, records]: [Batches | undefined, BatchRecords | undefined] = [undefined, undefined]
  const clock = { now: () => Date.now() }
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const w = await boot({
    rails,
    journal,
    prepare: (books) => {
      records = createBatchRecords(books)
    },
  })
  batches = createBatches({
    books: w.books,
    payouts: w.payouts,
    clock,
    ids: uuidIds(clock),
    policy,
    records: records!,
    log,
    onFatal: () => {},
  })
  await w.payouts.resume()
  batches.start()
  return { ...w, batches, records: records! }
}

async function create({ batches }: { batches: Batches }): Promise<void> {
  const rowAt = (row: number) => ({ row, amount: money(USDC, UNITS), destinations: ROWS[row]!, reference: `row ${row}`, feeMax: 0n })
  const judged = await batches.judge({ id: ID, party: PAYEE, createdBy: 'test', count: ROWS.length, rowAt })
  expect(judged.refused).toEqual([])
  const along = () => ({ claims: [{ key: 'idem:batch', fingerprint: 'one' }], facts: [] })
  await batches.create({ id: ID, party: PARTY, source: PAYEE, asset: USDC, judged, createdBy: 'test', along })
}

/** Lives until the process dies at `death`, or to the batch's end; true when it died. */
async function live(rails: Rails, journal: JournalStore, death: DeathAt): Promise<boolean> {
  const stopping = stoppingJournal(journal, death)
  const w = await open(rails, stopping.journal)
  const ended = create(w)
    .then(() => w.batches.wait(ID, { timeoutMs: 20_000 }))
    .then(() => false)
  const died = await Promise.race([ended.catch(() => new Promise<boolean>(() => {})), stopping.died.then(() => true)])
  const closed = w.batches.close().then(() => w.payouts.close())
  if (!died) await closed
  return died
}

test('a batch comes to the same end after a death at any append: each row is paid once, and none is missing', async () => {
  let deaths = 0
  for (let append = 2; append < APPENDS_MAX; append++) {
    let died = false
    for (const moment of ['before', 'after'] as const) {
      const rails = makeRails()
      rails.bank.manner = 'refuse'
      const journal = memoryJournal()
      died = await live(rails, journal, { append, moment })
      if (died) deaths++
      const w = await open(rails, journal)
      onTestFinished(async () => {
        await w.batches.close()
        await w.payouts.close()
      })
      const created = w.books.claim('idem:batch') !== undefined
      if (!created) {
        // Nothing has happened: what was staged is void, and the caller's repeat makes the batch anew.
        await expect.poll(() => w.records.openCount()).toBe(0)
        expect(() => w.batches.get(ID)).toThrow(/There is no batch/)
        expect([w.rails.evm.paid.length, w.rails.lightning.paid.length]).toEqual([0, 0])
        expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc)
        continue
      }
      const { status, counts } = await w.batches.wait(ID, { timeoutMs: 20_000 })
      expect([status, counts]).toEqual([
        'partly_settled',
        { waiting: 0, processing: 0, settled: 4, failed: 1, returned: 0, refused: 0, canceled: 0 },
      ])
      const rows = w.batches.rows(ID, { after: -1, limit: 10 })
      expect(rows.map((row) => row.status)).toEqual(['settled', 'settled', 'settled', 'failed', 'settled'])
      expect(rows.map((row) => row.payout)).toEqual(ROWS.map((_, row) => payoutOfRow(ID, row)))
      expect([rails.evm.paid.length, rails.lightning.paid.length, rails.bank.paid.length]).toEqual([2, 1, 0])
      expect(posted(w.books, `batch:${ID}`, USDC)).toBe(0n)
      expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 4n * UNITS)
      await expectBalanced(w)
    }
    if (!died) break
  }
  // Staged, created, and each row with its tries: each before and after.
  expect(deaths).toBeGreaterThanOrEqual(10)
})
