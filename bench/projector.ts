import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openReadModelWriter } from '../adapters/readModel/sqlite/openReadModelWriter.ts'
import { createBooks } from '../gateway/books/createBooks.ts'
import { uuidIds } from '../gateway/books/ids.ts'
import { memoryJournal } from '../gateway/books/memoryJournal.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Fact, Leg } from '../gateway/ports/books.ts'
import type { Block } from '../gateway/ports/journal.ts'
import { follow, readModelFollower } from '../gateway/projection/follower.ts'

const ENTRIES = 60_000
const IN_FLIGHT = 64
const PAYERS = 1_000
const PARTNERS = 100
const PAGE_BLOCKS = 256

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
}

async function measure(name: string, blocks: readonly Block[], path: string): Promise<void> {
  const writer = openReadModelWriter(path)
  const cpu = process.cpuUsage()
  const start = performance.now()
  await follow(
    [readModelFollower(writer)],
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
  for (let n = 0; n < PAYERS; n++) {
    const leg: Leg = { kind: 'move', debit: 'rail:book:house', credit: `party:payer${n}`, asset: USD, units: 1_000_000_000_000n }
    await books.submit({ entry: { id: ids.next('en_'), payment: 'funding', legs: [leg] } })
  }
  let started = 0
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (started < ENTRIES) await pay(books, started++, facts)
    }),
  )
  await books.close()
}

/** A payer pays a hot seller, a partner, our fee and a tax account. */
async function pay(books: Books, n: number, facts: (n: number, entry: string) => Fact[]): Promise<void> {
  const debit = `party:payer${n % PAYERS}`
  const to = (credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: USD, units })
  const legs = [to('party:seller', 8550n), to('fee:earned', 250n), to(`party:partner${n % PARTNERS}`, 1000n), to('party:tax', 200n)]
  const id = ids.next('en_')
  await books.submit({ facts: facts(n, id), entry: { id, payment: ids.next('rc_'), legs } })
}

function requestFacts(n: number, entry: string): Fact[] {
  const id = ids.next('rc_')
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
