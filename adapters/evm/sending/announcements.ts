import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Attempt } from '../../../gateway/ports/sender.ts'
import type { Store } from './store.ts'

/** An attempt that was announced and never came, because the books declined it, is forgotten after so long. */
const KEPT_MS = 90 * 24 * 3_600_000

export type Announcements = ReturnType<typeof createAnnouncements>

/**
 * Attempts by id from before the journal holds them until they are actions. With it a file that was lost, or is an older copy, is told from an attempt that
 * a crash kept from being sent: the one has never heard the id, the other has.
 */
export function createAnnouncements({ database, transact }: Store, clock: Clock) {
  const insertMeta = database.prepare('INSERT OR IGNORE INTO meta VALUES (?, ?)')
  const selectMeta = database.prepare('SELECT value FROM meta WHERE name = ?')
  insertMeta.run('file', randomUUID())
  const file = String(selectMeta.get('file')?.value)
  database.prepare('DELETE FROM announced WHERE at < ?').run(clock.now() - KEPT_MS)
  const insert = database.prepare('INSERT OR IGNORE INTO announced VALUES (?, ?)')
  const select = database.prepare('SELECT 1 FROM announced WHERE id = ?')
  const remove = database.prepare('DELETE FROM announced WHERE id = ?')
  const removeAll = database.prepare('DELETE FROM announced')
  const removeUnsigned = database.prepare(
    "DELETE FROM actions WHERE state = 'open' AND json_extract(request, '$.kind') = 'payout' RETURNING id",
  )

  return {
    /**
     * Answers with the file's name. It outlives a crash of the process, and is not waited for on the disk, which would stop all else for a millisecond or two:
     * what a power cut takes is an attempt in the moment before its action is opened, which is then `unknown` though nothing was sent. That is the safe side.
     */
    announce(id: string): string {
      database.exec('PRAGMA synchronous = NORMAL')
      try {
        insert.run(id, clock.now())
      } finally {
        database.exec('PRAGMA synchronous = FULL')
      }
      return file
    },
    /** Durable with the action that is opened in the same transaction. */
    taken: (id: string): void => void remove.run(id),
    /** How many transactions the chain had counted of a key when this file first asked; `now` when it is asked first. */
    firstCount(operator: Hex, now: number): number {
      insertMeta.run(`count:${operator}`, `${now}`)
      return Number(selectMeta.get(`count:${operator}`)?.value) // not money: a count
    },
    /**
     * The file was found to be an older copy: payouts that it holds for unsent may be signed since, so it knows of them no more. Call it before any goes on.
     * Answers with those that had begun.
     */
    forgetUnsigned: (): string[] =>
      transact(() => {
        removeAll.run()
        return removeUnsigned.all().map(({ id }) => String(id))
      }),
    /** True of an attempt without an action that was announced to a file, and not to this one as it is. */
    isLost: ({ id, railKey }: Pick<Attempt, 'id' | 'railKey'>): boolean => railKey !== undefined && select.get(id) === undefined,
  }
}
