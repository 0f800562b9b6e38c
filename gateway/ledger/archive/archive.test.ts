import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStateFiles } from '../../../adapters/state/openStateFiles.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Block } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { createBooks } from '../books/createBooks.ts'
import { memoryJournal } from '../books/memoryJournal.ts'
import { SNAPSHOT } from '../books/snapshot.ts'
import { createArchive } from './archive.ts'
import { newKeyStore } from './keyStore.ts'

/** Things so long that a few hundred fill a segment of 4 MiB. */
const LENGTH = 20_000
const COUNT = 700

let folder: string
let blocks: Block[]
let warnings: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-past-'))
  blocks = []
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true }))

type Opened = Readonly<{ books: Books; thing: (n: number) => unknown; restored: number; facts: number }>

/** Books with a memory that archives everything it hears of; what it archives depends on its form. */
async function open(form = 1, o: { snapshots?: boolean } = {}): Promise<Opened> {
  const limits = { keyStoreSegmentsInMemory: 1, factsBetween: 1_000_000 }
  const files = openStateFiles(folder)
  const state: StateStore = {
    ...files,
    write: (name, parts) => (name === SNAPSHOT && o.snapshots === false ? Promise.reject(new Error('no')) : files.write(name, parts)),
  }
  const books = createBooks({
    journal: memoryJournal(blocks),
    clock: { now: () => 1_800_000_000_000 },
    state,
    limits,
    warn: (line) => warnings.push(line),
  })
  const archive = books.archive('test.all')
  const heard: unknown[] = [0]
  books.remember({
    name: 'test.all',
    form,
    tables: { heard },
    apply({ id, at }) {
      heard[0] = at
      archive.put(id, thingOf(at, form))
    },
  })
  const started = await books.start()
  return { books, thing: (n) => archive.get(`fact${n}`), ...started }
}

function thingOf(n: number, form: number) {
  return { n: BigInt(n), text: `${n} `.repeat(LENGTH / 4), form }
}

async function tell(books: Books, from: number, to: number): Promise<void> {
  const fact = (n: number): Fact => ({ type: 'test.fact', id: `fact${n}`, at: n, data: {} })
  for (let n = from; n < to; n++) await books.submit({ facts: [fact(n)] })
}

const segments = () => readdirSync(folder).filter((name) => name.startsWith('past-'))

function expectAll({ thing }: Opened, form: number): void {
  for (let n = 0; n < COUNT; n += 7) expect(thing(n)).toEqual(thingOf(n, form))
  expect(thing(COUNT)).toBeUndefined()
}

describe('what a memory put into its archive', () => {
  test('is in files when it is old, and is read from them, also after a start from the snapshot', async () => {
    const before = await open()
    await tell(before.books, 0, COUNT)
    expectAll(before, 1)
    await before.books.close()
    expect(segments().length).toBeGreaterThan(1)
    const after = await open()
    expect(after).toMatchObject({ restored: COUNT, facts: 0 })
    expectAll(after, 1)
    await after.books.close()
    expect(warnings).toEqual([])
  })

  test('goes on from the snapshot after a kill, segments that were archived since included', async () => {
    const before = await open()
    await tell(before.books, 0, 300)
    await before.books.close()
    const killed = await open()
    await tell(killed.books, 300, COUNT)
    const after = await open()
    expect(after).toMatchObject({ restored: 300, facts: COUNT - 300 })
    expectAll(after, 1)
    await after.books.close()
    const again = await open()
    expectAll(again, 1)
    await again.books.close()
  })

  test('is built anew with its memory, and leaves alone what an older snapshot refers to until there is a new one', async () => {
    const first = await open()
    await tell(first.books, 0, COUNT)
    await first.books.close()
    // Another form hears everything again; it is killed before it could write a snapshot.
    const second = await open(2, { snapshots: false })
    expect(second).toMatchObject({ restored: 0, facts: COUNT })
    await tell(second.books, COUNT + 1, COUNT + 30)
    expectAll(second, 2)
    expect(warnings.join()).toContain('is of form 1 and not 2')
    // The program of before is put back: its snapshot is as good as it was.
    const third = await open(1)
    expect(third).toMatchObject({ restored: COUNT, facts: 29 })
    expectAll(third, 1)
    await third.books.close()
    // With a snapshot of its own the new form has segments of its own.
    const fourth = await open(2)
    await tell(fourth.books, COUNT + 30, COUNT + 60)
    await fourth.books.close()
    expect(segments().length).toBeGreaterThan(1)
    const fifth = await open(2)
    expect(fifth).toMatchObject({ facts: 0, restored: COUNT + 59 })
    expectAll(fifth, 2)
    await fifth.books.close()
  })
})

test('a damaged file of what has ended refuses what is in it, and the next start builds it anew', async () => {
  const first = await open()
  await tell(first.books, 0, COUNT)
  await first.books.close()
  const path = join(folder, 'past-0')
  const good = readFileSync(path)
  const bad = Buffer.from(good)
  for (let at = 1000; at < bad.byteLength; at += 4096) bad[at]! ^= 1
  writeFileSync(path, bad)
  const second = await open()
  expect(() => second.thing(1)).toThrow('being built again')
  expect(second.thing(COUNT - 1)).toEqual(thingOf(COUNT - 1, 1))
  await tell(second.books, COUNT + 1, COUNT + 5)
  await second.books.close()
  expect(warnings.join()).toContain('past-0 can not be read')
  const third = await open()
  expect(third).toMatchObject({ restored: 0, facts: COUNT + 4 })
  expectAll(third, 1)
  await third.books.close()
  const fourth = await open()
  expect(fourth).toMatchObject({ restored: COUNT + 4 })
  expectAll(fourth, 1)
  await fourth.books.close()
})

test('each memory has an archive of its own, and what is too long is not taken', () => {
  const keyStore = newKeyStore(7)
  const [one, other] = [createArchive(keyStore, 'one'), createArchive(keyStore, 'other')]
  expect(one.put('key', { of: 'one' })).toBe(true)
  expect(other.get('key')).toBeUndefined()
  expect(other.put('key', 5n)).toBe(true)
  expect([one.get('key'), other.get('key')]).toEqual([{ of: 'one' }, 5n])
  expect(one.put('long', 'x'.repeat(2_000_000))).toBe(false)
  expect(one.get('long')).toBeUndefined()
  expect(() => one.put('\ud800', 1)).toThrow('as it was')
})
