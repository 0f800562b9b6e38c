import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateFiles } from '../../../adapters/state/openStateFiles.ts'
import { USD } from '../../money/asset.ts'
import type { Books, Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Block } from '../../ports/journal.ts'
import { UNITS_PER_SEGMENT } from '../archive/keyStore.ts'
import { addSegment } from '../rows/recordLog.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import { emptyBooks } from './bookState.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'
import { GENESIS } from './replayJournal.ts'
import { beginSnapshot, SNAPSHOT } from './snapshot.ts'

const LIMITS = { segmentsInMemory: 1, keyStoreSegmentsInMemory: 0 }
const LEGS = 200
const ENTRIES = 420
const LONG = 'x'.repeat(14_000)

let folder: string
let blocks: Block[]
let now: number
let warnings: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-numbering-'))
  blocks = []
  now = 1_800_000_000_000
  warnings = []
  await writeSnapshot()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Leaves what a ledger would that has let go of all but the last of 2^32 records and 2^32 places for claims, and of which nobody asks for an old one. */
async function writeSnapshot(): Promise<void> {
  const books = emptyBooks(1)
  const { state } = books.machine
  const records = 2 ** 32 / SEGMENT_RECORDS - 1
  for (let n = 0; n < records; n++) addSegment(state.log, undefined)
  // No id is looked for in them.
  state.log.highest.fill(0, 0, 4 * records)
  state.log.first = records
  state.log.count = records * SEGMENT_RECORDS
  state.taken = state.log.count
  const items = 2 ** 32 / UNITS_PER_SEGMENT - 1
  books.keyStore.segments.length = items
  books.keyStore.first = items
  books.keyStore.end = items * UNITS_PER_SEGMENT
  books.groups = 2 ** 32 - 100
  const none = new Uint8Array(32)
  const digests = { records: new Array(records).fill(none), keyStore: new Array(items).fill(none), archive: [] }
  const store = openStateFiles(folder)
  await store.write(SNAPSHOT, beginSnapshot(books, GENESIS, { digests, memories: [], basis: '' }).parts())
  await store.close()
}

async function open(): Promise<Books> {
  const books = createBooks({
    journal: memoryJournal(blocks),
    clock: { now: () => now },
    state: openStateFiles(folder),
    limits: LIMITS,
    warn: (line) => warnings.push(line),
  })
  await books.start()
  return books
}

function entryId(n: number): EntryId {
  return `en_0190${n.toString(16).padStart(26, '0')}00`
}

function leg(n: number, i: number): Leg {
  const move = { debit: 'rail:book:house', credit: `party:pa_${(n + i) % 50}`, asset: USD, units: BigInt(i + 1) } as const
  return i === 0 ? { kind: 'hold', ...move, timeoutS: n % 2 === 0 ? 0 : 3600 } : { kind: 'move', ...move }
}

function entry(n: number): Entry {
  return { id: entryId(n), payment: `pi_${n}`, legs: Array.from({ length: LEGS }, (_, i) => leg(n, i)) }
}

function claim(n: number) {
  return { key: `proof:${n}:${LONG}`, fingerprint: `f${n}` }
}

test('books that have 2^32 records and claims go on: they find, resolve, expire, archive, and start again', async () => {
  const books = await open()
  for (let n = 0; n < ENTRIES; n++) {
    now += 10
    expect(await books.submit({ claims: [claim(n)], entry: entry(n) })).toMatchObject({ kind: 'applied' })
  }
  const post: Entry = {
    id: entryId(5000),
    payment: 'pi_post',
    legs: [0, ENTRIES - 2].map((n) => ({ kind: 'post', pending: { entry: entryId(n), leg: 0 }, asset: USD, units: 1n })),
  }
  expect(await books.submit({ entry: post })).toMatchObject({ kind: 'applied' })
  await books.close()
  const again = await open()
  // The files of what came before do not exist, which the check of all files tells.
  expect(warnings.filter((line) => !/^(records|shelf)-\d+ can not be read|does not give back/.test(line))).toEqual([])
  // Segments on both sides of 2^32 have left memory.
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['records-262143', 'records-262144', 'shelf-32767']))
  for (let n = 0; n < ENTRIES; n += 13) {
    expect(again.entry(entryId(n))).toEqual(entry(n))
    expect(again.claim(claim(n).key)).toMatchObject({ fingerprint: `f${n}`, seq: n + 1 })
    expect(await again.submit({ claims: [claim(n)], entry: entry(n) })).toEqual({ kind: 'replayed', seq: n + 1 })
  }
  expect(again.entry(entryId(ENTRIES))).toBeUndefined()
  // Half of the holds have a timeout, the two that were posted have none.
  now += 3_700_000
  expect(await again.submit({ claims: [{ key: 'late', fingerprint: 'f' }] })).toMatchObject({ kind: 'applied' })
  const pending = again.accounts('party').reduce((sum, { creditsPending }) => sum + creditsPending, 0n)
  expect(pending).toBe(BigInt(ENTRIES / 2 - 2))
  expect(await again.verify()).not.toHaveProperty('broken')
  await again.close()
}, 120_000)
