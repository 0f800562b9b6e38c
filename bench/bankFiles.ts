import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exclusive } from '../adapters/bank/files/exclusive.ts'
import { openInbox } from '../adapters/bank/files/inbox.ts'
import { openStore } from '../adapters/bank/files/store.ts'
import { writePain001, writeTransfer } from '../adapters/bank/sepa/pain001.ts'
import { reasonMeaning } from '../adapters/bank/sepa/reasonCodes.ts'
import { openFileReader } from '../adapters/bank/sepa/translate.ts'
import { EUR } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import { writeLargeStatement } from '../test/bank/largeStatement.ts'

const LINES = 100_000
const IBAN = 'DE93999999990000000001'
const ACCOUNT = { iban: IBAN, name: 'Switchyard', townName: 'Berlin', country: 'DE' }
const MEGABYTE = 1024 * 1024

/** CPU and wall time of some work: on a busy machine they differ. */
async function took(work: () => unknown): Promise<string> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return `${Math.round(performance.now() - began)} ms (${Math.round((user + system) / 1000)} ms of CPU)`
}

function write(): number {
  const amount = money(EUR, 1_000_000n)
  const to = { iban: 'DE89370400440532013000', name: 'A payee with a name', reference: 'for what was delivered' }
  const transfers = Array.from({ length: LINES }, (_, i) => writeTransfer({ id: `at${i}`, amount, ...to }))
  const sum = money(EUR, amount.units * BigInt(LINES))
  return writePain001({ id: 'file1', sum, transfers, createdAt: Date.now(), executeOn: '2026-11-20' }, ACCOUNT).length
}

/** Prints how long a pain.001 of 100,000 transfers takes to write, and a camt.053 of 100,000 entries to read, check and book. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const store = openStore(join(folder, 'bank.db'), IBAN)
  try {
    let bytes = 0
    const wrote = await took(() => {
      bytes = write()
    })
    console.log(`bankFiles  pain.001 of ${LINES} transfers, ${Math.round(bytes / MEGABYTE)} MB: written in ${wrote}`)
    mkdirSync(join(folder, 'inbox'))
    const path = join(folder, 'inbox', 'day.xml')
    writeLargeStatement(path, { iban: IBAN, entries: LINES })
    const size = statSync(path).size
    const read = () => openFileReader({ iban: IBAN, asset: EUR, keep: store.spool.list })
    const inbox = await openInbox(folder, store, { read, meaningOf: reasonMeaning, inTurn: exclusive(), now: () => Date.now() })
    await inbox.scan()
    const booked = await took(() => inbox.scan())
    if (store.lastStatement() === undefined) throw new Error('the statement was not taken')
    console.log(`bankFiles  camt.053 of ${LINES} entries, ${Math.round(size / MEGABYTE)} MB: read, checked and booked in ${booked}`)
    console.log(`bankFiles  memory ${Math.round(process.memoryUsage().rss / MEGABYTE)} MB`)
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
