import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import { openReadModelWriter } from '../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { follow, readModelFollower } from '../../gateway/audit/projection/follower.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import type { Fact, Leg } from '../../gateway/ports/books.ts'
import type { EntryId } from '../../gateway/ports/ids.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import type { ReadModel } from '../../gateway/ports/readModel.ts'

/** Something that is booked at a time: the payment that it is of, its legs, and what is told of it. */
export type Booking = Readonly<{ at: string; payment: string; legs: readonly Leg[]; facts?: readonly Omit<Fact, 'at'>[] }>

/** Statements go by entries and facts alone. */
const UNTOLD = { tellBlock: () => ({ events: [], subjects: [] }), listBlock: () => [] }

/** The id of the entry of a booking, by its place. */
export function entryOf(i: number): EntryId {
  return `en_${(i + 1).toString(16).padStart(30, '0')}00`
}

/** The read model of books in which these were booked, in order. */
export async function booksAt(bookings: readonly Booking[]): Promise<Readonly<{ reads: ReadModel; close: () => void }>> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-statements-'))
  const blocks: Block[] = []
  const clock = { ms: 0, now: () => clock.ms }
  const books = createBooks({ clock, journal: memoryJournal(blocks) })
  clock.ms = Date.parse(bookings[0]!.at)
  await books.start()
  for (const [i, { at, payment, legs, facts = [] }] of bookings.entries()) {
    clock.ms = Date.parse(at)
    const id = entryOf(i)
    const outcome = await books.submit({ facts: facts.map((fact) => ({ ...fact, at: clock.ms })), entry: { id, payment, legs } })
    if (outcome.kind !== 'applied') throw new Error(`booking ${i} is ${outcome.kind}`)
  }
  await books.close()
  const path = join(folder, 'read.db')
  const writer = openReadModelWriter(path)
  await follow(
    [readModelFollower(writer, UNTOLD)],
    async (after) => blocks.slice(after, after + 50),
    () => undefined,
  )
  writer.close()
  const reads = openReadModel(path)
  return {
    reads,
    close() {
      reads.close()
      rmSync(folder, { recursive: true })
    },
  }
}
