import { expect, test } from 'vitest'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { ledgerProblems, processMemory } from './ledgerProblems.ts'

const memory = { used: 1_000, most: 4_000 }

test('a ledger with room has no problems, and says what it can not have more of', async () => {
  const books = createBooks({ journal: memoryJournal(), clock: { now: () => 0 } })
  expect(books.limits().map(({ what, most }) => [what, most])).toEqual([
    ['ledger records', 2 ** 48 - 1],
    ['places for claims and entries', 2 ** 48 - 1],
    ['places for what has ended', 2 ** 48 - 1],
    ['accounts', 2 ** 31 - 1],
  ])
  expect(ledgerProblems(books.limits(), memory)).toEqual([])
})

test('a ledger that has used more than an eighth of its places is a problem, long before it ends', () => {
  const most = 2 ** 48 - 1
  const used = 2 ** 45 + 10
  expect(ledgerProblems([{ what: 'ledger records', used, most }], memory)).toMatchObject([
    {
      rail: 'book',
      what: 'ledger_filling',
      detail: expect.stringContaining('35184372088842 of 281474976710655 ledger records are used (12 %)'),
    },
  ])
  expect(ledgerProblems([{ what: 'ledger records', used: 2 ** 45 - 10, most }], memory)).toEqual([])
})

test('a process that has more than half of the memory it may have is a problem', () => {
  expect(ledgerProblems([], { used: 2_001, most: 4_000 })).toMatchObject([
    { what: 'ledger_filling', detail: expect.stringContaining('50 %') },
  ])
  const { used, most } = processMemory()
  expect(used).toBeGreaterThan(1_000_000)
  expect(most).toBeGreaterThan(used)
})
