import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryState } from '../../../test/behavior/memoryState.ts'
import { USD } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'
import { SNAPSHOT } from './snapshot.ts'

const clock = { now: () => 1_800_000_000_000 }

function book(books: Books, n: number) {
  const id: EntryId = `en_0190${n.toString(16).padStart(26, '0')}00`
  const leg = { kind: 'hold', debit: 'rail:book:house', credit: `party:${n % 7}`, asset: USD, units: 1n, timeoutS: 3600 } as const
  const facts = [{ type: 'test.booked', id, at: 0, data: {} }]
  return books.submit({ claims: [{ key: `proof:${n}`, fingerprint: `f${n}` }], facts, entry: { id, payment: `pi_${n}`, legs: [leg] } })
}

/** A store that is as slow as a disk under load: between taking a part, hashing it and writing it, the books go on. */
function slowState(between: () => Promise<unknown>): { store: StateStore; torn: number[]; parts: () => number; written: Promise<void> } {
  const { promise: written, resolve } = Promise.withResolvers<void>()
  const torn: number[] = []
  let count = 0
  const digest = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')
  const inner = memoryState()
  const store: StateStore = {
    ...inner,
    async write(name, parts) {
      const kept: Uint8Array[] = []
      for (const part of parts) {
        const hashed = digest(part)
        await between()
        if (digest(part) !== hashed) torn.push(count)
        count += 1
        kept.push(Uint8Array.from(part))
      }
      const sum = await inner.write(name, kept)
      if (name === SNAPSHOT) resolve()
      return sum
    },
  }
  return { store, torn, parts: () => count, written }
}

test('what a snapshot hands over to be written does not change under the writer, whatever is booked meanwhile', async () => {
  let next = 0
  let books: Books
  const slow = slowState(() => book(books, next++))
  const blocks: Parameters<typeof memoryJournal>[0] = []
  const table = new Map<string, unknown>()
  const open = (store: StateStore) => {
    const made = createBooks({ journal: memoryJournal(blocks), clock, state: store, limits: { factsBetween: 50 } })
    made.remember({ name: 'test.booked', form: 1, tables: { table }, apply: ({ id }) => void table.set(id, { id }) })
    return made
  }
  books = open(slow.store)
  await books.start()
  while (next < 50) await book(books, next++)
  await slow.written
  expect(slow.parts()).toBeGreaterThan(5)
  expect(slow.torn).toEqual([])
  // What was booked meanwhile is not in it: it is read from the journal.
  const [heard, balances] = [[...table], books.accounts('')]
  table.clear()
  const again = open(slow.store)
  expect(await again.start()).toMatchObject({ restored: 50, seq: next })
  expect([...table]).toEqual(heard)
  expect(again.accounts('')).toEqual(balances)
})
