import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import type { Books } from '../gateway/ports/books.ts'
import type { JournalStore } from '../gateway/ports/journal.ts'
import { measureFollowed } from './followedLedger.ts'
import { clock, closedLoop, fund, openLoop, openLoopText } from './ledgerLoad.ts'

const WARM_UP = 20_000
const ALONE = 6_000
const IN_FLIGHT = 64
const TOGETHER = 100_000
const OPEN_PER_SECOND = 10_000
/** The run is 60 s: `node bench/ledger.ts 60`. */
const OPEN_SECONDS = 10
/** Entries that a restart is measured with: `node bench/ledger.ts 60 10000000`. */
const ENTRIES = 300_000

type Measured = Readonly<{ perSecond: number; cpuUs: number }>

/**
 * Prints durable four-leg entries per second, closed and open loop, each beside a bare write + fdatasync of the same bytes, what a restart takes, and
 * the open loop once more while the projector follows it.
 */
export async function run(options: { openSeconds?: number; entries?: number } = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  try {
    const sizes: number[] = []
    const books = await open(folder, { sizes })
    await fund(books)
    await closedLoop(books, { count: WARM_UP, inFlight: IN_FLIGHT })
    for (const [name, count, inFlight] of [
      ['one at a time', ALONE, 1],
      [`${IN_FLIGHT} in flight`, TOGETHER, IN_FLIGHT],
    ] as const) {
      sizes.length = 0
      const ours = await measure(count, () => closedLoop(books, { count, inFlight }))
      const bare = await measure(count, async () => writeAndSync(join(folder, 'bare.log'), sizes))
      print(name, sizes.length, ours, bare)
    }
    sizes.length = 0
    await measureOpenLoop(books, options.openSeconds ?? OPEN_SECONDS, sizes, folder)
    await measureRestart(books, folder, options.entries ?? ENTRIES)
  } finally {
    rmSync(folder, { recursive: true })
  }
  await measureFollowed({ perSecond: OPEN_PER_SECOND, seconds: options.openSeconds ?? OPEN_SECONDS })
}

async function open(folder: string, options: { sizes?: number[]; state?: boolean } = {}): Promise<Books> {
  const journal = openSqliteJournal(join(folder, 'journal.db'))
  const books = createBooks({
    journal: options.sizes ? recordSizes(journal, options.sizes) : journal,
    clock,
    ...(options.state !== false && { state: openStateFiles(join(folder, 'state')) }),
    warn: (line) => console.log(`ledger  ${line}`),
  })
  await books.start()
  return books
}

function print(name: string, blocks: number, ours: Measured, bare: Measured): void {
  const ratio = bare.perSecond / ours.perSecond
  console.log(
    `ledger  4-leg entries, ${name}: ${ours.perSecond.toFixed(0)}/s, ${ours.cpuUs.toFixed(1)} us CPU each, ${blocks} blocks; ` +
      `bare write + fdatasync of the same bytes ${bare.perSecond.toFixed(0)}/s, ${bare.cpuUs.toFixed(1)} us: ${ratio.toFixed(2)} times ours`,
  )
}

async function measureOpenLoop(books: Books, seconds: number, sizes: readonly number[], folder: string): Promise<void> {
  const cpu = process.cpuUsage()
  const loop = await openLoop(books, { perSecond: OPEN_PER_SECOND, seconds })
  const { user, system } = process.cpuUsage(cpu)
  const cpuUs = (user + system) / (loop.perSecond * seconds)
  const bare = syncTimes(join(folder, 'bare.log'), sizes.slice(-2000))
  console.log(
    `ledger  open loop at ${OPEN_PER_SECOND}/s for ${seconds} s: ${openLoopText(loop)}, ` +
      `${cpuUs.toFixed(1)} us CPU each (polling included); bare write + fdatasync p50 ${bare.p50.toFixed(2)} ms, p99 ${bare.p99.toFixed(1)} ms`,
  )
}

/** Adds entries until there are `count`, and starts again: from the snapshot of a clean stop, and by replaying the whole journal. */
async function measureRestart(books: Books, folder: string, count: number): Promise<void> {
  await closedLoop(books, { count, inFlight: 1000 })
  const memory = process.memoryUsage()
  const head = books.head()
  await books.close()
  const restart = await timed(() => open(folder))
  if (restart.books.head().hash !== head.hash) throw new Error('the books did not come back as they were')
  await restart.books.close()
  console.log(
    `ledger  ${count} entries and those before: ${(memory.rss / 1e6).toFixed(0)} MB resident, ${(memory.heapUsed / 1e6).toFixed(0)} MB of it heap; ` +
      `start from a snapshot ${restart.seconds.toFixed(2)} s`,
  )
  const replay = await timed(() => open(folder, { state: false }))
  console.log(`ledger  start by replaying ${head.seq} blocks, ${count} entries and those before: ${replay.seconds.toFixed(2)} s`)
  const { broken } = await replay.books.verify()
  if (broken !== undefined) throw new Error(broken)
  await replay.books.close()
}

async function timed(work: () => Promise<Books>): Promise<{ books: Books; seconds: number }> {
  const start = performance.now()
  const books = await work()
  return { books, seconds: (performance.now() - start) / 1000 }
}

async function measure(count: number, work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: count / seconds, cpuUs: (user + system) / count }
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

function syncTimes(path: string, sizes: readonly number[]): { p50: number; p99: number } {
  const file = openSync(path, 'w')
  const times = sizes.map((size) => {
    const start = performance.now()
    writeSync(file, Buffer.alloc(size, 1))
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor((times.length - 1) * part)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [openSeconds, entries] = process.argv.slice(2).map(Number)
  await run({ ...(openSeconds !== undefined && { openSeconds }), ...(entries !== undefined && { entries }) })
}
