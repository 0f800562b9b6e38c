import { Worker } from 'node:worker_threads'
import type { CheckProgress, JournalCheck, JournalVerdict } from '../../gateway/audit/reconcile/checkJournal.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { CheckStart, FromCheck, JournalPlace, ToCheck } from './checkLink.ts'

// Beside this file under the same ending: .ts as it is, .js once compiled.
const THREAD = new URL(`./checkThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/**
 * Checks the journal in a thread that reads it by itself. The thread that answers is asked for balances only, a few at a time: nothing that it does is
 * longer for a longer journal.
 */
export function openJournalCheck(
  place: JournalPlace,
  books: Pick<Books, 'balance' | 'head'>,
): JournalCheck & Readonly<{ close: () => Promise<void> }> {
  let worker: Worker | undefined
  let progress: CheckProgress | undefined

  function live(accounts: Extract<FromCheck, { kind: 'compare' }>['accounts']): ToCheck {
    return { seq: books.head().seq, balances: accounts.map(({ path, asset }) => books.balance(path, asset)) }
  }

  function check(start: CheckStart): Promise<JournalVerdict> {
    const thread = new Worker(THREAD, { workerData: start, name: 'journal check' })
    worker = thread
    return new Promise((resolve) => {
      const end = (why: string) => resolve({ blocks: progress?.block ?? 0, head: '', broken: `the check has stopped: ${why}`, sums: [] })
      thread.on('message', (message: FromCheck) => {
        // In a turn of its own: of messages that come quickly Node hears several in one.
        if (message.kind === 'compare') setImmediate(() => thread.postMessage(live(message.accounts)))
        else if (message.kind === 'read') progress = { block: message.block, of: start.head.seq }
        else resolve(message.verdict)
      })
      thread.on('error', (error) => end(error instanceof Error ? error.message : String(error)))
      // After `found` this says nothing new.
      thread.once('exit', (code) => end(`its thread ended (${code})`))
    })
  }

  return {
    async run() {
      const { seq, hash } = books.head()
      progress = { block: 0, of: seq }
      try {
        return await check({ place, head: { seq, hash: Buffer.from(hash, 'hex') } })
      } finally {
        progress = undefined
      }
    },
    progress: () => progress,
    async close() {
      await worker?.terminate()
    },
  }
}
