import { parentPort, workerData } from 'node:worker_threads'
import { openPostgresReader } from '../../adapters/journal/postgres/openPostgresReader.ts'
import { openJournalReader } from '../../adapters/journal/sqliteReader/openJournalReader.ts'
import { checkJournal, type LiveBalances } from '../../gateway/audit/reconcile/checkJournal.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { CheckStart, FromCheck, ToCheck } from './checkLink.ts'

/** The thread that reads the journal for one verification. */
async function run({ place, head }: CheckStart): Promise<void> {
  invariant(parentPort, 'the check of the journal is a thread')
  const port = parentPort
  const notify = (message: FromCheck) => port.postMessage(message)
  const journal = place.kind === 'file' ? openJournalReader(place.path) : openPostgresReader(place.url)
  try {
    const verdict = await checkJournal({
      journal,
      head,
      live: (accounts) =>
        new Promise<LiveBalances>((resolve) => {
          port.once('message', (answer: ToCheck) => resolve(answer))
          notify({ kind: 'compare', accounts })
        }),
      onProgress: (block) => notify({ kind: 'read', block }),
    })
    notify({ kind: 'found', verdict })
  } finally {
    await journal.close()
    port.close()
  }
}

await run(workerData as CheckStart) // What `openJournalCheck` gave it.
