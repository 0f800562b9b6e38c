import { writeSync } from 'node:fs'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { createBooks } from '../../gateway/books/createBooks.ts'
import { uuidIds } from '../../gateway/books/ids.ts'
import { USD } from '../../gateway/money/asset.ts'

// Submits two-leg entries from many callers for ever and says on stdout which were acknowledged, until it is killed or its books stop.
const CALLERS = 64
const [, , path, state] = process.argv
const clock = { now: () => Date.now() }
const ids = uuidIds(clock)
const books = createBooks({
  journal: openSqliteJournal(path!),
  clock,
  state: openStateFiles(state!),
  // So small that kills meet snapshots and archived chunks.
  limits: { chunksInMemory: 1, shelfChunksInMemory: 1, recordsBetween: 5_000 },
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

async function caller(): Promise<void> {
  for (;;) {
    const id = ids.next('en_')
    const outcome = await books.submit({
      claims: [{ key: `claim:${id}`, fingerprint: id }],
      facts: [{ type: 'test.paid', id, at: clock.now(), data: {} }],
      entry: {
        id,
        payment: `pi_${id}`,
        legs: [
          { kind: 'move', debit: 'party:pa_payer', credit: 'party:pa_seller', asset: USD, units: 3n },
          { kind: 'move', debit: 'party:pa_payer', credit: 'fee:earned', asset: USD, units: 1n },
        ],
      },
    })
    if (outcome.kind !== 'applied') throw new Error(`a fresh entry was ${outcome.kind}`)
    writeSync(1, `${id}\n`)
  }
}

/** A caller that is not answered tries again, as a client would; none of it may be acknowledged any more. */
async function stubborn(): Promise<void> {
  for (;;) {
    await caller().catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
await Promise.all(Array.from({ length: CALLERS }, stubborn))
