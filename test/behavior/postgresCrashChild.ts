import { writeSync } from 'node:fs'
import { openPostgresJournal } from '../../adapters/journal/postgres/openPostgresJournal.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { submitForEver } from './submittingCallers.ts'

// Leads a journal in PostgreSQL and submits entries from many callers for ever. Says on stdout which were acknowledged, and why it stopped.
const CALLERS = 16
const url = process.argv[2]!
const clock = { now: () => Date.now() }
const ids = uuidIds(clock)

function stop(error: unknown): void {
  writeSync(1, `stopped ${isGatewayError(error) ? error.code : String(error)}\n`)
  process.exit(3)
}

const journal = await openPostgresJournal({ url, leaseMs: 1_000, waitMs: 60_000, onLost: stop })
const books = createBooks({ journal, clock, onStop: stop })
await books.start()

await Promise.all(Array.from({ length: CALLERS }, () => submitForEver({ books, ids, payer: 'rail:book:house' })))
