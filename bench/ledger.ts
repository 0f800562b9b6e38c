import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { createBooks } from '../gateway/books/createBooks.ts'
import { uuidIds } from '../gateway/books/ids.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Entry, Leg } from '../gateway/ports/books.ts'
import type { EntryId } from '../gateway/ports/ids.ts'
import type { JournalStore } from '../gateway/ports/journal.ts'

const WARM_UP = 4_000
const ALONE = 4_000
const IN_FLIGHT = 64
const TOGETHER = 60_000
const PAYERS = 1_000
const PARTNERS = 100

const clock = { now: () => Date.now() }

type Measured = Readonly<{ entriesPerSecond: number; cpuUs: number }>

/** Prints durable four-leg entries per second and their CPU, one at a time and 64 in flight, beside a bare write + fdatasync of the same bytes. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  try {
    const sizes: number[] = []
    const books = createBooks({ journal: recordSizes(openSqliteJournal(join(folder, 'journal.db')), sizes), clock })
    await books.start()
    const newId = entryIds()
    await fund(books, newId)
    await submitAll(books, { count: WARM_UP, inFlight: IN_FLIGHT, newId })
    for (const [name, count, inFlight] of [
      ['one at a time', ALONE, 1],
      [`${IN_FLIGHT} in flight`, TOGETHER, IN_FLIGHT],
    ] as const) {
      sizes.length = 0
      const ours = await measure(count, () => submitAll(books, { count, inFlight, newId }))
      const bare = await measure(count, async () => writeAndSync(join(folder, 'bare.log'), sizes))
      print(name, sizes.length, ours, bare)
    }
    const { broken } = await books.verify()
    if (broken !== undefined) throw new Error(broken)
    await books.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function print(name: string, blocks: number, ours: Measured, bare: Measured): void {
  const ratio = bare.entriesPerSecond / ours.entriesPerSecond
  console.log(
    `ledger  4-leg entries, ${name}: ${ours.entriesPerSecond.toFixed(0)}/s, ${ours.cpuUs.toFixed(1)} us CPU each, ${blocks} blocks; ` +
      `bare write + fdatasync of the same bytes ${bare.entriesPerSecond.toFixed(0)}/s: ${ratio.toFixed(2)} times ours`,
  )
}

async function measure(count: number, work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { entriesPerSecond: count / seconds, cpuUs: (user + system) / count }
}

async function submitAll(books: Books, load: { count: number; inFlight: number; newId: () => EntryId }): Promise<void> {
  let started = 0
  async function caller(): Promise<void> {
    while (started < load.count) {
      const outcome = await books.submit({ entry: payment(load.newId(), started++) })
      if (outcome.kind !== 'applied') throw new Error(`an entry was ${outcome.kind}`)
    }
  }
  await Promise.all(Array.from({ length: load.inFlight }, caller))
}

/** A payer pays a hot seller, a partner, our fee and a tax account. */
function payment(id: EntryId, n: number): Entry {
  const debit = `party:payer${n % PAYERS}`
  const to = (credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: USD, units })
  return {
    id,
    payment: `pi_${n}`,
    legs: [to('party:seller', 8550n), to('fee:earned', 250n), to(`party:partner${n % PARTNERS}`, 1000n), to('party:tax', 200n)],
  }
}

async function fund(books: Books, newId: () => EntryId): Promise<void> {
  for (let n = 0; n < PAYERS; n++) {
    const leg: Leg = { kind: 'move', debit: 'rail:book:house', credit: `party:payer${n}`, asset: USD, units: 1_000_000_000_000n }
    await books.submit({ entry: { id: newId(), payment: 'pi_funding', legs: [leg] } })
  }
}

function entryIds(): () => EntryId {
  const ids = uuidIds(clock)
  return () => ids.next('en_')
}

function recordSizes(journal: JournalStore, sizes: number[]): JournalStore {
  return {
    ...journal,
    append(block) {
      sizes.push(block.data.byteLength)
      return journal.append(block)
    },
  }
}

/** The physical limit: the same blocks appended to a plain file, each synced. */
function writeAndSync(path: string, sizes: readonly number[]): void {
  const file = openSync(path, 'w')
  for (const size of sizes) {
    writeSync(file, Buffer.alloc(size, 1))
    fdatasyncSync(file)
  }
  closeSync(file)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
