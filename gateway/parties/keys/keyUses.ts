import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import { toKeyFact } from './facts.ts'
import type { Key } from './key.ts'

/** How exactly it is kept when a key was last used. */
const KEPT_MS = 3_600_000
const WRITTEN_EVERY_MS = 60_000
/** Uses in one block of the journal. */
const WRITTEN_MAX = 1_000

/** When each key was last used: noted in memory while a request is answered, and written down later, at most once an hour for each. */
export function createKeyUses({ books, clock }: { books: Books; clock: Clock }) {
  const used = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    const taken = [...used].slice(0, WRITTEN_MAX)
    if (taken.length === 0) return
    const data = { used: Object.fromEntries(taken) }
    await submitWhenRoom(books, { claims: [], facts: [toKeyFact({ type: 'keys.used', id: 'keys', at: clock.now(), data })] })
    for (const [id] of taken) used.delete(id)
  }

  return {
    use({ id, usedAt = 0 }: Key): void {
      const now = clock.now()
      if (now - usedAt >= KEPT_MS && !used.has(id)) used.set(id, now)
    },
    /** In ms; an hour too early at most. */
    lastUse: ({ id, usedAt }: Key): number | undefined => used.get(id) ?? usedAt,
    /** Writes them down now and then. What was not written when the process ends is written at the next use. */
    start(onFatal: (error: unknown) => void): void {
      timer = setInterval(() => {
        writing ??= write()
          .catch(onFatal)
          .finally(() => {
            writing = undefined
          })
      }, WRITTEN_EVERY_MS).unref()
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await writing
    },
  }
}
