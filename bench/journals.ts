import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { openPostgresJournal } from '../adapters/journal/postgres/openPostgresJournal.ts'
import { uuidIds } from '../app/open/uuidIds.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Leg } from '../gateway/ports/books.ts'
import type { JournalStore } from '../gateway/ports/journal.ts'
import { serverCpuSeconds } from '../test/postgres/serverCpu.ts'
import { type PostgresServer, startPostgres } from '../test/postgres/startPostgres.ts'

const WARM_UP = 4_000
const ALONE = 2_000
const TOGETHER = 40_000
const IN_FLIGHT = 64
const PAYERS = 1_000

const clock = { now: () => Date.now() }
const ids = uuidIds(clock)

type Measured = Readonly<{ perSecond: number; cpuUs: number; serverUs: number | undefined }>

/** Prints durable four-leg entries per second on the PostgreSQL journal and their CPU, beside bare inserts of the same blocks on the same server. */
export async function run(): Promise<void> {
  const server = await startPostgres()
  try {
    const url = await server.createDatabase()
    const sizes: number[] = []
    const books = createBooks({ journal: recordSizes(await openPostgresJournal({ url, waitMs: 0 }), sizes), clock })
    await books.start()
    const bareClient = await openBare(url)
    for (let n = 0; n < PAYERS; n++) await books.submit({ entry: entry(n, [move('rail:book:house', `party:payer${n}`, 1_000_000_000n)]) })
    await submitAll(books, WARM_UP, IN_FLIGHT)
    for (const [name, count, inFlight] of [
      ['one at a time', ALONE, 1],
      [`${IN_FLIGHT} in flight`, TOGETHER, IN_FLIGHT],
    ] as const) {
      sizes.length = 0
      const ours = await measure(server, count, () => submitAll(books, count, inFlight))
      const bare = await measure(server, count, () => insertAll(bareClient, sizes))
      console.log(
        `journals  PostgreSQL, 4-leg entries, ${name}: ${show(ours)}, ${sizes.length} blocks; ` +
          `bare inserts of the same blocks: ${show(bare)}, ${(bare.perSecond / ours.perSecond).toFixed(2)} times ours`,
      )
    }
    const { broken } = await books.verify()
    if (broken !== undefined) throw new Error(broken)
    await books.close()
    await bareClient.end()
  } finally {
    await server.dispose()
  }
}

function show({ perSecond, cpuUs, serverUs }: Measured): string {
  const server = serverUs === undefined ? '' : ` + ${serverUs.toFixed(1)} us in the server`
  return `${perSecond.toFixed(0)}/s, ${cpuUs.toFixed(1)} us CPU each${server}`
}

async function measure(server: PostgresServer, count: number, work: () => Promise<void>): Promise<Measured> {
  const serverBefore = serverCpuSeconds(server.pid())
  const before = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  const serverAfter = serverCpuSeconds(server.pid())
  const serverUs = serverBefore === undefined || serverAfter === undefined ? undefined : ((serverAfter - serverBefore) * 1e6) / count
  return { perSecond: count / seconds, cpuUs: (user + system) / count, serverUs }
}

async function submitAll(books: Books, count: number, inFlight: number): Promise<void> {
  let started = 0
  async function caller(): Promise<void> {
    while (started < count) {
      const n = started++
      const payer = `party:payer${n % PAYERS}`
      const legs = [
        move(payer, 'party:seller', 8550n),
        move(payer, 'fee:earned', 250n),
        move(payer, 'party:partner', 1000n),
        move(payer, 'party:tax', 200n),
      ]
      const outcome = await books.submit({ entry: entry(n, legs) })
      if (outcome.kind !== 'applied') throw new Error(`an entry was ${outcome.kind}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
}

function entry(n: number, legs: readonly Leg[]) {
  return { id: ids.entry(), payment: `pi_${n}`, legs }
}

function move(debit: string, credit: string, units: bigint): Leg {
  return { kind: 'move', debit, credit, asset: USD, units }
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

async function openBare(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE bare (id bigserial PRIMARY KEY, data bytea NOT NULL)')
  await client.query('ALTER TABLE bare ALTER COLUMN data SET STORAGE EXTERNAL')
  return client
}

/** What the server can do at most with these blocks: a row each, without a fence, a hash or books. */
async function insertAll(client: Client, sizes: readonly number[]): Promise<void> {
  for (const size of sizes)
    await client.query({ name: 'bare', text: 'INSERT INTO bare (data) VALUES ($1)', values: [Buffer.alloc(size, 1)] })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
