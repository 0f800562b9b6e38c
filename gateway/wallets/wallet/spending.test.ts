import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { JournalStore } from '../../ports/journal.ts'
import { createSpending } from './spending.ts'

async function boot(journal: JournalStore) {
  const books = createBooks({ journal, clock: { now: () => 0 } })
  const spending = createSpending(books)
  await books.start()
  const end = (payout: string, how: 'failed' | 'settled') =>
    books.submit({ facts: [{ type: `payout.${how}`, id: payout, at: 0, data: {} }] })
  const use = (payout: string, units: bigint, at: number) =>
    books.submit(spending.use('owner', { payout, units, at, key: `thing of ${payout}:1` }))
  return { books, spending, end, use }
}

test('what was spent is the sum of what has not failed, since any time, also after a restart', async () => {
  const step = fc.record({
    units: fc.bigInt({ min: 1n, max: 1_000n }),
    at: fc.integer({ min: 0, max: 50 }),
    end: fc.constantFrom('settled', 'failed', 'open'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.integer({ min: 0, max: 50 }), async (steps, since) => {
      const journal = memoryJournal()
      const { spending, end, use } = await boot(journal)
      for (const [i, { units, at, end: how }] of steps.entries()) {
        await use(`po_${i}`, units, at)
        if (how !== 'open') await end(`po_${i}`, how === 'failed' ? 'failed' : 'settled')
      }
      const counted = steps.filter(({ end: how }) => how !== 'failed')
      const sum = (from: number) => counted.reduce((total, { units, at }) => (at >= from ? total + units : total), 0n)
      const again = (await boot(journal)).spending
      for (const known of [spending, again]) {
        expect([known.spent('owner'), known.spent('owner', since), known.usesOf('owner')]).toEqual([sum(0), sum(since), counted.length])
      }
    }),
    { numRuns: 40 },
  )
})

test('of two uses that were prepared on the same state, only one becomes durable', async () => {
  const { books, spending } = await boot(memoryJournal())
  const [a, b] = ['po_a', 'po_b'].map((payout) => spending.use('owner', { payout, units: 5n, at: 0, key: `${payout}:1` }))
  expect(await books.submit(a!)).toMatchObject({ kind: 'applied' })
  expect(await books.submit(b!)).toMatchObject({ kind: 'conflict' })
  expect(spending.spent('owner')).toBe(5n)
})

test('one thing has one payout until that fails, and five tries at most', async () => {
  const { books, spending } = await boot(memoryJournal())
  const failed = new Set<string>()
  for (let i = 1; i <= 5; i++) {
    const { key, payout } = spending.latest('thing', (id) => failed.has(id))
    expect([key, payout]).toEqual([`thing:${i}`, undefined])
    await books.submit(spending.use('owner', { payout: `po_${i}`, units: 1n, at: 0, key }))
    expect(spending.latest('thing', (id) => failed.has(id)).payout).toBe(`po_${i}`)
    failed.add(`po_${i}`)
  }
  expect(spending.latest('thing', (id) => failed.has(id)).payout).toBe('po_5')
  expect([spending.lastOf('thing'), spending.lastOf('another')]).toEqual(['po_5', undefined])
})

test('work for one allowance is done one at a time, also after some that failed', async () => {
  const { spending } = await boot(memoryJournal())
  let running = 0
  const order: number[] = []
  const work = (n: number) => async () => {
    expect(++running).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    order.push(n)
    if (n === 1) throw new Error('broken')
  }
  const done = await Promise.allSettled([0, 1, 2, 3].map((n) => spending.inTurn('owner', work(n))))
  expect(order).toEqual([0, 1, 2, 3])
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})
