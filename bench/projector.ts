import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openReadModelWriter } from '../adapters/readModel/sqlite/openReadModelWriter.ts'
import { uuidIds } from '../app/open/uuidIds.ts'
import { openProjector } from '../app/projector/openProjector.ts'
import { readings } from '../app/projector/tellings.ts'
import { openBlockFeed } from '../gateway/audit/projection/blockFeed.ts'
import { follow, readModelFollower } from '../gateway/audit/projection/follower.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../gateway/ledger/books/memoryJournal.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Fact, Leg } from '../gateway/ports/books.ts'
import type { Block } from '../gateway/ports/journal.ts'

const ENTRIES = 60_000
const IN_FLIGHT = 64
const PAYERS = 1_000
const PARTNERS = 100
const PAGE_BLOCKS = 256
const DRAIN_MS_MAX = 120_000

const clock = { now: () => Date.now() }
const ids = uuidIds(clock)

/** Prints how many four-leg entries a second the projector puts into a read model, bare and with the facts of a paid request, and their CPU. */
export async function run(): Promise<void> {
  for (const [name, facts] of [
    ['no facts', () => []],
    ['the facts of a paid request', requestFacts],
  ] as const) {
    const blocks: Block[] = []
    await fill(blocks, facts)
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
    try {
      await measure(name, blocks, join(folder, 'read.db'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  for (const following of [false, true]) await measureFollowing(following)
}

/** What being followed costs the thread that acknowledges, and how long the projector needs after the last answer to show everything. */
async function measureFollowing(following: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
  try {
    const feed = await openBlockFeed(openSqliteJournal(join(folder, 'journal.db')))
    const books = createBooks({ journal: feed.journal, clock })
    await books.start()
    const start = {
      dataDir: folder,
      feed,
      privateKeyPem,
      clock,
      assetOf: String,
      logLevel: 'silent',
      log: (line: string) => console.error(line),
    }
    const projector = following ? await openProjector(start).start() : undefined
    await fund(books)
    const cpu = process.threadCpuUsage()
    const begun = performance.now()
    await payAll(books, () => [])
    const answered = performance.now()
    const { user, system } = process.threadCpuUsage(cpu)
    await projector?.readAfter(books.head().seq, DRAIN_MS_MAX)
    const drained = (performance.now() - answered) / 1000
    console.log(
      `projector  ${following ? 'followed' : 'alone   '}: ${(ENTRIES / ((answered - begun) / 1000)).toFixed(0)} durable entries/s, ` +
        `${((user + system) / ENTRIES).toFixed(1)} us CPU each on the thread that answers` +
        `${following ? `; everything is shown ${drained.toFixed(2)} s after the last answer` : ''}`,
    )
    await books.close()
    await projector?.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(name: string, blocks: readonly Block[], path: string): Promise<void> {
  const writer = openReadModelWriter(path)
  const cpu = process.cpuUsage()
  const start = performance.now()
  await follow(
    [readModelFollower(writer, readings)],
    async (after) => blocks.slice(after, after + PAGE_BLOCKS),
    () => undefined,
  )
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const cpuUs = (user + system) / ENTRIES
  writer.close()
  const bytes = statSync(path).size
  console.log(
    `projector  4-leg entries, ${name}: ${(ENTRIES / seconds).toFixed(0)}/s, ${cpuUs.toFixed(1)} us CPU each ` +
      `(${(1e6 / cpuUs).toFixed(0)}/s on a core of its own), ${blocks.length} blocks, ${(bytes / ENTRIES).toFixed(0)} bytes each`,
  )
}

async function fill(blocks: Block[], facts: (n: number, entry: string) => Fact[]): Promise<void> {
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  await books.start()
  await fund(books)
  await payAll(books, facts)
  await books.close()
}

async function fund(books: Books): Promise<void> {
  for (let n = 0; n < PAYERS; n++) {
    const leg: Leg = { kind: 'move', debit: 'rail:book:house', credit: `party:payer${n}`, asset: USD, units: 1_000_000_000_000n }
    await books.submit({ entry: { id: ids.entry(), payment: 'funding', legs: [leg] } })
  }
}

async function payAll(books: Books, facts: (n: number, entry: string) => Fact[]): Promise<void> {
  let started = 0
  const caller = async () => {
    while (started < ENTRIES) await pay(books, started++, facts)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
}

/** A payer pays a hot seller, a partner, our fee and a tax account. */
async function pay(books: Books, n: number, facts: (n: number, entry: string) => Fact[]): Promise<void> {
  const debit = `party:payer${n % PAYERS}`
  const to = (credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: USD, units })
  const legs = [to('party:seller', 8550n), to('fee:earned', 250n), to(`party:partner${n % PARTNERS}`, 1000n), to('party:tax', 200n)]
  const id = ids.entry()
  await books.submit({ facts: facts(n, id), entry: { id, payment: ids.receipt(), legs } })
}

function requestFacts(n: number, entry: string): Fact[] {
  const id = ids.receipt()
  const claimKey = `book:payer${n % PAYERS}:${n}`
  const at = clock.now()
  const paid = { asset: 'USD', amount: '0.01' }
  const receipt = {
    id,
    payment: claimKey,
    resource: 'GET /demo',
    price: paid,
    rail: 'book',
    paid,
    fee: paid,
    rate: '1',
    state: 'settled',
    payee: 'pa_seller',
    split: '',
    parts: [],
    entry,
  }
  return [
    {
      type: 'request.claimed',
      id,
      at,
      data: { claimKey, fingerprint: 'f'.repeat(64), rail: 'book', payer: `pa_${n % PAYERS}`, units: '10000', entry },
    },
    { type: 'receipt.issued', id, at, data: receipt },
    { type: 'request.answered', id, at, data: { claimKey, status: 200, contentType: 'application/json', body: '{"joke":"a short one"}' } },
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
