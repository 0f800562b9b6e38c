import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openReadModel } from '../adapters/readModel/sqlite/openReadModel.ts'
import { openReadModelWriter } from '../adapters/readModel/sqlite/openReadModelWriter.ts'
import { readings } from '../app/projector/tellings.ts'
import type { Fact } from '../gateway/ports/books.ts'
import type { ListFilter } from '../gateway/ports/readLists.ts'
import type { ReadModel } from '../gateway/ports/readModel.ts'

/** `node bench/lists.ts 10000000` for the ten million. */
const PAYMENTS = 100_000
/** Lists are read when there is a hundredth, a tenth and all of it. */
const PARTS = [100, 10, 1]
const BLOCK = 1_000
const LOOKS = 300
const PARTIES = 50
const RAILS = ['lightning', 'evm:8453', 'bank', 'book']
const NOTHING = {
  accounts: [],
  entries: [],
  changes: [],
  marks: [],
  opened: [],
  closed: [],
  facts: [],
  acts: [],
  payments: [],
  events: [],
  subjects: [],
}
const START_MS = 1_800_000_000_000

const hash = (n: number) => n.toString(16).padStart(64, '0')
const partyOf = (n: number) => `pa_${n % PARTIES}`

/** Prints what a page of each list and a search take while payments grow. */
export async function run(options: { payments?: number } = {}): Promise<void> {
  const { payments = PAYMENTS } = options
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  try {
    const path = join(folder, 'read.db')
    const writer = openReadModelWriter(path)
    let n = 0
    for (const part of PARTS) {
      const began = process.cpuUsage()
      const from = n
      for (; n < payments / part; n += BLOCK) {
        const submissions = Array.from({ length: BLOCK }, (_, i) => ({ facts: paid(n + i) }))
        const subject = (id: string) => ({ parties: [partyOf(Number(id.slice('rc_'.length)))], data: {} })
        const listed = readings.listBlock(submissions, { subject, asset: () => undefined })
        writer.apply(
          [{ seq: n + 1, ...NOTHING, listed }],
          { accounts: [], groups: [] },
          { seq: n + 1, hash: new Uint8Array(32), at: BigInt(n) },
        )
      }
      const { user, system } = process.cpuUsage(began)
      const wroteUs = (user + system) / (n - from)
      const reads = openReadModel(path)
      measure(reads, n, wroteUs)
      reads.close()
    }
    writer.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A payment over Lightning or another rail, for 0.01 to 10 USD; each tenth waits for its payer. */
function paid(n: number): Fact[] {
  const rail = RAILS[n % RAILS.length]!
  const id = `rc_${n}`
  const price = { asset: 'USD', amount: `0.${String(1 + (n % 999)).padStart(3, '0')}` }
  const receipt = { id, payment: `lightning:${hash(n)}`, rail, price, paid: price, state: 'settled', payee: partyOf(n) }
  const at = START_MS + n
  const issued: Fact = { type: 'receipt.issued', id, at, data: receipt }
  return n % 10 === 0 ? [issued, { type: 'receipt.updated', id, at, data: { receipt: id, state: 'refund_due' } }] : [issued]
}

function measure(reads: ReadModel, payments: number, wroteUs: number): void {
  const middle = `rc_${Math.floor(payments / 2)}`
  const asked: [string, ListFilter, string | undefined][] = [
    ['newest', {}, undefined],
    ['page from the middle', {}, middle],
    ['of a party', { party: 'pa_7' }, undefined],
    ['party, status, rail', { party: 'pa_20', status: 'refund_due', rail: 'lightning' }, undefined],
    ['amounts', { amount: { asset: 'USD', least: 400_000n, most: 450_000n } }, undefined],
    ['times', { createdBefore: START_MS + payments / 2, status: 'refund_due' }, undefined],
    ['two that never meet', { party: 'pa_7', status: 'refund_due' }, undefined],
  ]
  const rows = asked.map(
    ([name, filter, after]) => [name, timed(() => reads.lists.listed('payments', filter, { limit: 50, after }))] as const,
  )
  const search = timed((i) => reads.lists.found(hash((i * 7_919) % payments), undefined, 20))
  const cells = [...rows, ['search by a hash', search] as const].map(([name, us]) => `${name} ${us.toFixed(0)}`)
  console.log(`lists   ${payments} payments, written in ${wroteUs.toFixed(0)} us CPU each; us CPU a page of 50: ${cells.join(', ')}`)
}

/** The mean in us of CPU. */
function timed(look: (i: number) => unknown): number {
  look(0)
  const began = process.cpuUsage()
  for (let i = 0; i < LOOKS; i++) look(i)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / LOOKS
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [payments = PAYMENTS] = process.argv.slice(2).map(Number)
  await run({ payments })
}
