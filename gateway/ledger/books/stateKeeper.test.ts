import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStateFiles } from '../../../adapters/state/openStateFiles.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import type { Books, Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Block } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'

// A segment holds 16,384 records and a segment of the key store 4 MiB; the limits let go of what is older than one of them.
const LIMITS = { segmentsInMemory: 1, keyStoreSegmentsInMemory: 1, recordsBetween: 30_000 }
const LEGS = 200

let folder: string
let blocks: Block[]
let now: number
let warnings: string[]
let writing: Promise<unknown> | undefined

/** The files, and in `writing` what is being written to them. */
function stateFiles(): StateStore {
  const files = openStateFiles(folder)
  return {
    ...files,
    write(name, parts) {
      const written = files.write(name, parts).finally(() => {
        writing = undefined
      })
      writing = written
      return written
    },
  }
}

/** Waits until nothing is being written beside the commits. */
async function quiet(): Promise<void> {
  while (writing) await writing
}

function begin(): void {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-state-'))
  blocks = []
  now = 1_800_000_000_000
  warnings = []
}
beforeEach(begin)
afterEach(() => rmSync(folder, { recursive: true }))

async function open(options: { state?: boolean; listen?: (id: string) => void } = {}): Promise<Books> {
  const books = createBooks({
    journal: memoryJournal(blocks),
    clock: { now: () => now },
    ...(options.state !== false && { state: stateFiles() }),
    warn: (line) => warnings.push(line),
    limits: LIMITS,
  })
  if (options.listen) books.listen((fact) => options.listen?.(fact.id))
  await books.start()
  return books
}

function entryId(n: number): EntryId {
  return `en_0190${n.toString(16).padStart(26, '0')}00`
}

function leg(n: number, i: number): Leg {
  const move = { debit: 'rail:book:house', credit: `party:pa_${(n + i) % 2000}`, asset: USD, units: BigInt(i + 1) } as const
  return i % 50 === 0 ? { kind: 'hold', ...move, timeoutS: i % 100 === 0 ? 0 : 3600 } : { kind: 'move', ...move }
}

function entry(n: number): Entry {
  return { id: entryId(n), payment: `pi_${n}`, legs: Array.from({ length: LEGS }, (_, i) => leg(n, i)) }
}

async function book(books: Books, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    now += 10
    const claims = [{ key: `proof:${n}:${'x'.repeat(14_000)}`, fingerprint: `f${n}` }]
    const facts = n % 10 === 0 ? [{ type: 'test.booked', id: `fact${n}`, at: now, data: {} }] : []
    const outcome = await books.submit({ claims, facts, entry: entry(n) })
    expect(outcome).toMatchObject({ kind: 'applied' })
    if (n % 40 === 0) await quiet()
  }
}

/** All that can be asked about entries `from` to before `to`, and all balances. */
function picture(books: Books, to: number) {
  return {
    head: books.head(),
    balances: books.accounts(''),
    entries: [0, 1, 7, 50, 99, to - 1].map((n) => books.entry(entryId(n))),
    claims: [0, 3, 60, to - 1].map((n) => books.claim(`proof:${n}:${'x'.repeat(14_000)}`)),
    missing: [books.entry(entryId(to)), books.claim('proof:none')],
  }
}

const ENTRIES = 620

/** Books that were closed after all entries. They take seconds to write, so they are written once, and a test that begins with them gets a copy. */
let history: Readonly<{ folder: string; blocks: readonly Block[]; now: number; expected: ReturnType<typeof picture> }>
beforeAll(async () => {
  begin()
  const books = await open()
  await book(books, 0, ENTRIES)
  const expected = picture(books, ENTRIES)
  await books.close()
  history = { folder, blocks, now, expected }
})
afterAll(() => rmSync(history.folder, { recursive: true }))

/** The closed books in this test's folder, and what they said before. */
function closedBooks(): ReturnType<typeof picture> {
  cpSync(history.folder, folder, { recursive: true })
  blocks = [...history.blocks]
  now = history.now
  return history.expected
}

describe('books with a place for their state', () => {
  test('keep old records and claims outside of memory, and give the same answers as books that keep all', async () => {
    const books = await open()
    await book(books, 0, ENTRIES)
    const files = readdirSync(folder)
    expect(files.filter((name) => name.startsWith('records-')).length).toBeGreaterThan(3)
    expect(files.filter((name) => name.startsWith('shelf-')).length).toBeGreaterThan(0)
    const all = await open({ state: false })
    expect(picture(books, ENTRIES)).toEqual(picture(all, ENTRIES))
    expect(await books.submit({ entry: entry(3) })).toEqual({ kind: 'replayed', seq: 4 })
    expect(await books.submit({ entry: { ...entry(3), payment: 'pi_other' } })).toMatchObject({ kind: 'conflict', with: { seq: 4 } })
    expect(await books.submit({ claims: [{ key: `proof:3:${'x'.repeat(14_000)}`, fingerprint: 'f3' }] })).toMatchObject({
      kind: 'replayed',
      seq: 4,
    })
    expect(warnings).toEqual([])
    expect(await books.verify()).not.toHaveProperty('broken')
    await books.close()
  })

  test('resolve and expire holds whose records have left memory, and know it after a start from the snapshot', async () => {
    const books = await open()
    await book(books, 0, ENTRIES)
    const post: Entry = {
      id: entryId(5000),
      payment: 'pi_post',
      legs: [{ kind: 'post', pending: { entry: entryId(1), leg: 0 }, asset: USD, units: 1n }],
    }
    expect(await books.submit({ entry: post })).toMatchObject({ kind: 'applied' })
    now += 3_700_000
    const late: Entry = {
      id: entryId(5001),
      payment: 'pi_late',
      legs: [{ kind: 'void', pending: { entry: entryId(2), leg: 50 }, asset: USD }],
    }
    expect(await books.submit({ entry: late })).toMatchObject({ status: 'pending_transfer_expired' })
    const before = books.accounts('')
    await books.close()
    const again = await open()
    expect(again.accounts('')).toEqual(before)
    const twice: Entry = { ...post, id: entryId(5002) }
    expect(await again.submit({ entry: twice })).toMatchObject({ status: 'pending_transfer_already_posted' })
    expect(await again.submit({ entry: post })).toMatchObject({ kind: 'replayed' })
    expect(await again.verify()).not.toHaveProperty('broken')
    await again.close()
  })

  test('start from a snapshot that was taken while they went on, and replay what came after it', async () => {
    const books = await open()
    await book(books, 0, ENTRIES)
    // Not closed: the last snapshot is an older one, as after a kill.
    const expected = picture(books, ENTRIES)
    await quiet()
    const read: number[] = []
    const journal = memoryJournal(blocks)
    const again = createBooks({
      journal: {
        ...journal,
        read(after) {
          read.push(after)
          return journal.read(after)
        },
      },
      clock: { now: () => now },
      state: stateFiles(),
      limits: LIMITS,
    })
    await again.start()
    expect(read.at(-1)).toBeGreaterThan(0)
    expect(picture(again, ENTRIES)).toEqual(expected)
    expect(await again.verify()).not.toHaveProperty('broken')
    await book(again, ENTRIES, ENTRIES + 10)
    await again.close()
    await books.close()
  })

  test('tell every fact at a start from a snapshot, also those before it', async () => {
    const books = await open()
    await book(books, 0, 25)
    await books.close()
    const heard: string[] = []
    const again = await open({ listen: (id) => heard.push(id) })
    expect(heard).toEqual(['fact0', 'fact10', 'fact20'])
    await again.close()
  })

  test('say that a damaged snapshot is not used, and start from the journal', async () => {
    const books = await open()
    await book(books, 0, 100)
    const expected = picture(books, 100)
    await books.close()
    const path = join(folder, 'snapshot')
    const bytes = readFileSync(path)
    bytes[bytes.byteLength >> 1]! ^= 1
    writeFileSync(path, bytes)
    const again = await open()
    expect(warnings.join()).toMatch(/snapshot is not used.*damaged/)
    expect(picture(again, 100)).toEqual(expected)
    await again.close()
  })

  test('keep old records outside of memory also while they replay the whole journal', async () => {
    const expected = closedBooks()
    const archived = readdirSync(folder).filter((name) => name !== 'snapshot')
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    const again = await open()
    // Nothing was committed and it was not closed.
    expect(readdirSync(folder).sort()).toEqual(archived.sort())
    expect(picture(again, ENTRIES)).toEqual(expected)
    expect(warnings).toEqual([])
    await again.close()
  })

  /** Submits again until the answer is another one than that it is being built again. */
  async function untilBuilt<T>(ask: () => Promise<T> | T): Promise<T> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!isGatewayError(error, 'too_busy')) throw error
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  test.each([
    ['claims and entries', 'shelf-0', 'changed'],
    ['claims and entries', 'shelf-0', 'missing'],
    ['records', 'records-0', 'changed'],
    ['records', 'records-0', 'missing'],
  ])('build %s again from the journal when %s is %s, and go on meanwhile', async (_, name, how) => {
    const expected = closedBooks()
    const path = join(folder, name)
    const good = readFileSync(path)
    const bad = Buffer.from(good)
    // In every page, so that it does not matter which one is asked for.
    for (let at = 1000; at < bad.byteLength; at += 4096) bad[at]! ^= 1
    if (how === 'missing') rmSync(path)
    else writeFileSync(path, bad)
    const again = await open()
    const claims = [{ key: `proof:3:${'x'.repeat(14_000)}`, fingerprint: 'f3' }]
    // A retry of an old key, the resolution of an old hold, and one that needs nothing old.
    const post: Entry = {
      id: entryId(5000),
      payment: 'pi_post',
      legs: [{ kind: 'post', pending: { entry: entryId(1), leg: 0 }, asset: USD, units: 1n }],
    }
    const [retried, posted, fresh] = await Promise.allSettled([
      again.submit({ claims, entry: entry(3) }),
      again.submit({ entry: post }),
      again.submit({ claims: [{ key: 'fresh', fingerprint: 'f' }] }),
    ])
    expect(fresh).toMatchObject({ status: 'fulfilled', value: { kind: 'applied' } })
    const refused = name.startsWith('shelf') ? retried : posted
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'too_busy' } })
    expect(await untilBuilt(() => again.submit({ claims, entry: entry(3) }))).toEqual({ kind: 'replayed', seq: 4 })
    expect((await untilBuilt(() => again.submit({ entry: post }))).kind).toMatch(/applied|replayed/)
    const { entries, missing } = await untilBuilt(() => picture(again, ENTRIES))
    expect({ entries, missing }).toEqual({ entries: expected.entries, missing: expected.missing })
    expect(readFileSync(path).equals(good)).toBe(true)
    expect(warnings.join()).toContain(name)
    expect(await again.verify()).not.toHaveProperty('broken')
    await again.close()
  })

  test('find a damaged file that nobody asks for, and build it again', async () => {
    closedBooks()
    const path = join(folder, 'records-1')
    const good = readFileSync(path)
    const bad = Buffer.from(good)
    bad[2_000_000]! ^= 1
    writeFileSync(path, bad)
    const again = await open()
    while (!readFileSync(path).equals(good)) await new Promise((resolve) => setTimeout(resolve, 20))
    await again.close()
  })

  test('start when what comes after the snapshot needs a damaged file', async () => {
    closedBooks()
    const snapshot = readFileSync(join(folder, 'snapshot'))
    const after = await open()
    const post: Entry = {
      id: entryId(5000),
      payment: 'pi_post',
      legs: [{ kind: 'post', pending: { entry: entryId(1), leg: 0 }, asset: USD, units: 1n }],
    }
    expect(await after.submit({ entry: post })).toMatchObject({ kind: 'applied' })
    const balances = after.accounts('')
    await after.close()
    writeFileSync(join(folder, 'snapshot'), snapshot)
    rmSync(join(folder, 'records-0'))
    const again = await open()
    expect(again.accounts('')).toEqual(balances)
    expect(await again.verify()).not.toHaveProperty('broken')
    await again.close()
  })

  test('release holds that expire while their records are being built again', async () => {
    closedBooks()
    rmSync(join(folder, 'records-0'))
    now += 3_700_000
    const again = await open()
    const claims = (n: number) => [{ key: `late:${n}`, fingerprint: 'f' }]
    expect(await again.submit({ claims: claims(0) })).toMatchObject({ kind: 'applied' })
    const pending = () => again.accounts('party').reduce((sum, { creditsPending }) => sum + creditsPending, 0n)
    const rest = entry(0)
      .legs.flatMap((leg) => (leg.kind === 'hold' && leg.timeoutS === 0 ? [leg.units] : []))
      .reduce((a, b) => a + b, 0n)
    for (let n = 1; pending() !== rest * BigInt(ENTRIES); n++) {
      now += 2_000
      expect(await again.submit({ claims: claims(n) })).toMatchObject({ kind: 'applied' })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await again.close()
  })

  test('do not start when their snapshot knows a block that the journal does not have', async () => {
    const books = await open()
    await book(books, 0, 20)
    await books.close()
    blocks.pop()
    await expect(open()).rejects.toThrow('after block 20, which the journal does not have')
  })

  test('take no snapshot of what the journal refused', async () => {
    const books = await open()
    await book(books, 0, 10)
    await books.close()
    const inner = memoryJournal(blocks)
    const failing = createBooks({
      journal: { ...inner, append: async () => Promise.reject(new Error('disk full')) },
      clock: { now: () => now },
      state: stateFiles(),
      limits: LIMITS,
    })
    await failing.start()
    await expect(failing.submit({ entry: entry(10) })).rejects.toMatchObject({ code: 'outcome_unknown' })
    await failing.close()
    const again = await open()
    expect(again.head().seq).toBe(10)
    expect(again.entry(entryId(10))).toBeUndefined()
    await again.close()
  })
})
