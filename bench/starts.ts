import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import { uuidIds } from '../app/open/uuidIds.ts'
import { createIdempotency } from '../gateway/api/http/idempotency.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { USD } from '../gateway/money/asset.ts'
import { createParties } from '../gateway/parties/party/parties.ts'
import { createRequestRecords } from '../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../gateway/payins/intent/intentRecords.ts'
import { createSettlementRecords } from '../gateway/payins/settlement/settlementRecords.ts'
import { createPayoutRecords } from '../gateway/payouts/payoutState/payoutRecords.ts'
import type { Books, Fact, Leg } from '../gateway/ports/books.ts'

const REQUESTS = 200_000
const IN_FLIGHT = 64
const PAYERS = 1_000
/** One payment intent, which is bigger, to so many paid requests. */
const REQUESTS_PER_INTENT = 20
/** Facts between snapshots: a request makes two. */
const FACTS_BETWEEN = 100_000
/** No snapshot but that of the close. */
const NEVER = 1_000_000_000
const NS_PER_MS = 1e6

const clock = { now: () => Date.now() }
const ids = uuidIds(clock)

/** Prints how long a data folder of paid requests takes to start, from its snapshot and from all facts, and what snapshots cost beside the work. */
export async function run(): Promise<void> {
  await inFolder((folder) => fill(folder, { name: 'paid requests', intents: false, factsBetween: NEVER }))
  for (const intents of [false, true]) {
    const name = intents ? `paid requests, an intent to every ${REQUESTS_PER_INTENT}` : 'paid requests'
    await inFolder(async (folder) => {
      await fill(folder, { name, intents, factsBetween: FACTS_BETWEEN })
      await measureStart(folder, 'after a kill  ')
      await measureStart(folder, 'after a close ')
      rmSync(join(folder, 'state'), { recursive: true })
      await measureStart(folder, 'from all facts')
    })
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function openBooks(folder: string, factsBetween: number): Books {
  const state = openStateFiles(join(folder, 'state'))
  const journal = openSqliteJournal(join(folder, 'journal.db'))
  const books = createBooks({ journal, clock, state, limits: { factsBetween }, warn: (line) => console.error(line) })
  createParties({ books, clock, ids })
  createIntentRecords(books, () => USD)
  createSettlementRecords(books, () => USD)
  createRequestRecords(books)
  createPayoutRecords(books)
  createIdempotency({ books, clock, ids, factsAt: async () => [] })
  return books
}

/** Pays all requests, with the turns of the event loop timed, and leaves the folder as a kill would. */
async function fill(folder: string, o: { name: string; intents: boolean; factsBetween: number }): Promise<void> {
  const books = openBooks(folder, o.factsBetween)
  await books.start()
  for (let n = 0; n < PAYERS; n++) await books.submit({ entry: { id: ids.entry(), payment: 'funding', legs: [fund(n)] } })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const begun = performance.now()
  let started = 0
  const caller = async () => {
    while (started < REQUESTS) await pay(books, started++, o)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
  delay.disable()
  const rate = REQUESTS / ((performance.now() - begun) / 1000)
  const [p99, longest] = [delay.percentile(99) / NS_PER_MS, delay.max / NS_PER_MS]
  console.log(
    `starts     ${REQUESTS} ${o.name}: ${rate.toFixed(0)}/s ${o.factsBetween === NEVER ? 'without snapshots' : `with one every ${o.factsBetween} facts`}; ` +
      `turns of the event loop p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`,
  )
  // As a kill leaves it: the snapshot is the last one that was taken beside the work, and not that of the close.
  const snapshot = join(folder, 'state', 'snapshot')
  if (!existsSync(snapshot)) return books.close()
  copyFileSync(snapshot, `${snapshot}.beside`)
  await books.close()
  renameSync(`${snapshot}.beside`, snapshot)
}

async function measureStart(folder: string, how: string): Promise<void> {
  const snapshot = statSync(join(folder, 'state', 'snapshot'), { throwIfNoEntry: false })
  const begun = performance.now()
  const books = openBooks(folder, NEVER)
  const { facts, restored, seq } = await books.start()
  const ms = performance.now() - begun
  const size = snapshot ? `, snapshot ${(snapshot.size / 1e6).toFixed(1)} MB` : ''
  console.log(`starts       ${how} ${ms.toFixed(0)} ms: ${facts} facts after block ${restored} of ${seq}${size}`)
  await books.close()
}

function fund(n: number): Leg {
  return { kind: 'move', debit: 'rail:book:house', credit: `party:payer${n}`, asset: USD, units: 1_000_000_000_000n }
}

/** A request that a balance pays: its claim and entry, then its answer. */
async function pay(books: Books, n: number, { intents }: { intents: boolean }): Promise<void> {
  const [id, entry, at] = [ids.receipt(), ids.entry(), clock.now()]
  const [payer, claimKey] = [`payer${n % PAYERS}`, `book:payer${n % PAYERS}:${n}`]
  const legs: Leg[] = [{ kind: 'move', debit: `party:${payer}`, credit: 'party:seller', asset: USD, units: 2_000n }]
  const claimed = { claimKey, fingerprint: 'f'.repeat(64), rail: 'book', payer, units: '2000', entry }
  const facts: Fact[] = [{ type: 'request.claimed', id, at, data: claimed }]
  if (intents && n % REQUESTS_PER_INTENT === 0) facts.push(...settledIntent(at))
  const claims = [{ key: claimKey, fingerprint: claimed.fingerprint }]
  await books.submit({ claims, facts, entry: { id: entry, payment: id, legs } })
  const answer = { claimKey, status: 200, contentType: 'application/json', body: '{"joke":"a short one"}' }
  await books.submit({ facts: [{ type: 'request.answered', id, at, data: answer }] })
}

function settledIntent(at: number): Fact[] {
  const [id, amount] = [ids.intent(), { asset: USD.id, units: '2000' }]
  const offers = ['lightning', 'evm:31337', 'book'].map((rail) => ({
    id: ids.offer(),
    rail,
    amount,
    fullPrice: amount,
    railCost: amount,
    expiresAt: at,
    reference: `${rail}:${id}`,
    wire: { kind: 'book' },
  }))
  const terms = { amount, credit: amount, payee: { kind: 'party', id: 'pa_seller' }, metadata: { order: id }, expiresAt: at, offers }
  const paid = { rail: 'lightning', settlementId: `lightning:received:${id}`, amount, receipt: ids.receipt() }
  return [
    { type: 'intent.created', id, at, data: terms },
    { type: 'intent.settled', id, at, data: paid },
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
