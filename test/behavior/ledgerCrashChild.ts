import { writeSync } from 'node:fs'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { USD } from '../../gateway/money/asset.ts'
import { submitForEver } from './submittingCallers.ts'

// Submits two-leg entries from many callers for ever and says on stdout which were acknowledged, until it is killed or its books stop.
const CALLERS = 64
const [, , path, state] = process.argv
const clock = { now: () => Date.now() }
const ids = uuidIds(clock)
const books = createBooks({
  journal: openSqliteJournal(path!),
  clock,
  state: openStateFiles(state!),
  // So small that kills meet snapshots and archived segments.
  limits: { segmentsInMemory: 1, keyStoreSegmentsInMemory: 1, recordsBetween: 5_000 },
  onStop: (error) => {
    writeSync(2, `stopped: ${String(error)}\n`)
    writeSync(1, 'stopped\n')
    // Callers that go on after this would say so on stdout.
    setTimeout(() => process.exit(3), 200)
  },
})
await books.start()

const funding = { kind: 'move', debit: 'rail:book:house', credit: 'party:pa_payer', asset: USD, units: 1_000_000_000n } as const
await books.submit({ entry: { id: ids.next('en_'), payment: 'pi_funding', legs: [funding] } })

/** A caller that is not answered tries again, as a client would; none of it may be acknowledged any more. */
async function stubborn(): Promise<void> {
  for (;;) {
    await submitForEver({ books, ids, payer: 'party:pa_payer' }).catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
await Promise.all(Array.from({ length: CALLERS }, stubborn))
