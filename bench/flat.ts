import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Entry, Leg } from '../gateway/ports/books.ts'
import type { EntryId } from '../gateway/ports/ids.ts'
import { clock } from './ledgerLoad.ts'

/** The run is a million accounts and ten million entries: `node bench/flat.ts 1000000 10000000`. */
const ACCOUNTS = 20_000
const ENTRIES = 60_000
/** The ledger is looked at when it has a tenth, a third and all of its entries. */
const PARTS = [10, 3, 1]
const FUNDING_LEGS = 250
const IN_FLIGHT = 1000
const LOOKS = 2_000

/** Prints what each look into the books takes while they grow. Ids of entries and keys of claims have no order: the worst there are. */
export async function run(options: { accounts?: number; entries?: number } = {}): Promise<void> {
  const { accounts = ACCOUNTS, entries = ENTRIES } = options
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  try {
    const journal = openSqliteJournal(join(folder, 'journal.db'))
    const books = createBooks({
      journal,
      state: openStateFiles(join(folder, 'state')),
      clock,
      warn: (line) => console.log(`flat    ${line}`),
    })
    await books.start()
    const ids: EntryId[] = []
    let funded = 0
    for (const part of PARTS) {
      for (; funded < accounts / part; funded += FUNDING_LEGS)
        await books.submit({ entry: { id: entryId(), payment: 'funding', legs: funding(funded) } })
      await grow(books, { ids, count: entries / part, accounts: funded })
      await measure(books, ids, funded)
    }
    await books.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function entryId(): EntryId {
  return `en_${randomBytes(16).toString('hex')}`
}

function funding(from: number): Leg[] {
  return Array.from({ length: FUNDING_LEGS }, (_, i) => {
    return { kind: 'move', debit: 'rail:book:house', credit: `party:payer${from + i}`, asset: USD, units: 1_000_000_000_000n }
  })
}

function payment(id: EntryId, n: number, accounts: number): Entry {
  const payer = (n * 7919) % accounts
  return { id, payment: 'pi_flat', legs: [{ kind: 'move', debit: `party:payer${payer}`, credit: 'party:seller', asset: USD, units: 1n }] }
}

/** Books payments under ids without order until there are `count`. */
async function grow(books: Books, { ids, count, accounts }: { ids: EntryId[]; count: number; accounts: number }): Promise<void> {
  async function caller(): Promise<void> {
    while (ids.length < count) {
      const n = ids.length
      const id = entryId()
      ids.push(id)
      const claims = [{ key: `proof:${id}`, fingerprint: 'f' }]
      const outcome = await books.submit({ claims, entry: payment(id, n, accounts) })
      if (outcome.kind !== 'applied') throw new Error(`an entry was ${outcome.kind}`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
}

async function measure(books: Books, ids: readonly EntryId[], accounts: number): Promise<void> {
  const any = (n: number) => ids[(n * 104_729) % ids.length]!
  const looks = [
    ['a party by path', (n: number) => books.accounts(`party:payer${(n * 7919) % accounts}`)],
    ['an entry', (n: number) => books.entry(any(n))],
    ['no entry', () => books.entry(entryId())],
    ['a claim', (n: number) => books.claim(`proof:${any(n)}`)],
  ] as const
  const found = looks.map(
    ([name, look]) =>
      `${name} ${cpuOf(() => {
        for (let n = 0; n < LOOKS; n++) look(n)
      }).toFixed(1)}`,
  )
  const begun = process.cpuUsage()
  await grow(books, { ids: [...ids], count: ids.length + LOOKS, accounts })
  const { user, system } = process.cpuUsage(begun)
  console.log(
    `flat    ${accounts} accounts, ${ids.length} entries, us CPU: ${found.join(', ')}, one more entry ${((user + system) / LOOKS).toFixed(1)}; ` +
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  )
}

/** Microseconds of CPU for each of `LOOKS`. */
function cpuOf(work: () => void): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / LOOKS
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [accounts, entries] = process.argv.slice(2).map(Number)
  await run({ ...(accounts !== undefined && { accounts }), ...(entries !== undefined && { entries }) })
}
