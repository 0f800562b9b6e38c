import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReadModel } from '../../../adapters/readModel/sqlite/openReadModel.ts'
import { openReadModelWriter } from '../../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { readings } from '../../../app/projector/tellings.ts'
import { runTraffic } from '../../../test/projection/bookTraffic.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { USD } from '../../money/asset.ts'
import type { Block } from '../../ports/journal.ts'
import type { ChangeView, ReadModel } from '../../ports/readModel.ts'
import { follow, readModelFollower } from './follower.ts'

let folder: string
let reads: ReadModel
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-periods-'))
  const blocks: Block[] = []
  const clock = { ms: 1_700_000_000_000, now: () => clock.ms }
  const books = createBooks({ clock, journal: memoryJournal(blocks) })
  await books.start()
  await runTraffic({ books, clock, seed: 'periods', submissions: 300 })
  for (let i = 0; i < 150; i++) {
    clock.ms += i % 3
    const id = `en_${i.toString(16).padStart(30, 'f')}00` as const
    const [rail, party] = ['rail:book:house', 'party:pa_1'] as const
    const leg = i % 7 < 5 ? { debit: rail, credit: party } : { debit: party, credit: rail }
    await books.submit({ entry: { id, payment: `p${i}`, legs: [{ kind: 'move', ...leg, asset: USD, units: BigInt(i % 5) + 1n }] } })
  }
  await books.close()
  const path = join(folder, 'read.db')
  const writer = openReadModelWriter(path)
  await follow(
    [readModelFollower(writer, readings)],
    async (after) => blocks.slice(after, after + 50),
    () => undefined,
  )
  writer.close()
  reads = openReadModel(path)
})
afterAll(() => {
  reads?.close()
  rmSync(folder, { recursive: true })
})

const EVER = 2n ** 62n

test.each([9, 32, 33, 200])('the changes of a period are those of the history, %i at a time', (limit) => {
  const accounts = reads.balances('', { limit: 1_000 })
  expect(accounts.some(({ changes }) => changes > 96)).toBe(true)
  for (const { n, changes } of accounts) {
    const all = reads.history(n, { limit: changes }).reverse()
    const times = all.map(({ at }) => at)
    const bounds = [0n, ...times.filter((_, i) => i % 53 === 0), EVER]
    for (const from of bounds) {
      for (const before of bounds.filter((at) => at > from)) {
        const found: ChangeView[] = []
        for (let next = from; ; ) {
          const page = reads.changesBetween(n, { from: next, before, limit })
          expect(page.length).toBeLessThanOrEqual(limit)
          if (page.length === 0) break
          found.push(...page)
          next = page.at(-1)!.at + 1n
        }
        expect(found).toEqual(all.filter(({ at }) => at >= from && at < before))
      }
    }
  }
})

test('entries are found by time, and come whole and in order', () => {
  const all = reads.entriesFrom(1, 100_000)
  expect(all.length).toBeGreaterThan(100)
  expect(all.map(({ n }) => n)).toEqual(all.map((_, i) => i + 1))
  for (const entry of all) expect(entry).toEqual(reads.entry(entry.id))
  for (const { n, at } of all) {
    expect(reads.firstEntryAt(at)).toBe(n)
    expect(reads.firstEntryAt(at + 1n)).toBe(n + 1)
  }
  expect(reads.firstEntryAt(0n)).toBe(1)
  expect(reads.entriesFrom(3, 2)).toEqual(all.slice(2, 4))
  expect(reads.entriesFrom(all.length + 1, 10)).toEqual([])
})

test('the newest subject before one is found, and none before the first', () => {
  const facts = reads.entriesFrom(1, 100_000).flatMap(({ payment }) => reads.facts(payment, 100))
  const subjects = [...new Set(facts.map(({ subject }) => subject))].sort()
  expect(subjects.length).toBeGreaterThan(10)
  for (const [i, subject] of subjects.entries()) {
    const found = reads.newestBetween('', `${subject}!`)!
    expect([found.subject, found]).toEqual([subject, reads.facts(subject, 1_000).at(-1)])
    if (i > 0) expect(reads.newestBetween(subjects[i - 1]!, subject)).toBeUndefined()
  }
})
