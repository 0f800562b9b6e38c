import type { JournalHead } from '../../../gateway/ports/journal.ts'
import type { Session } from './session.ts'
import { hashRow, headRow, holderRow, leadRow } from './wire.ts'

/** A holder whose session has ended is given this long to come back before another may lead. */
const RETURN_MS = 1_000

/** Leadership that was won: the epoch that every append names, and the head at that moment. */
export type Lead = Readonly<{ epoch: string; head: JournalHead }>

const SESSION = `pid = pg_backend_pid(), renewed_at = clock_timestamp(),
  backend_start = (SELECT a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid())`

/**
 * Takes the lease when nobody holds it: it was given back, or was not renewed for `leaseMs`, or its holder's session has ended. The statement waits
 * for an append that is under way and then judges the row as that left it, so the head it returns is final for every earlier epoch.
 */
export async function takeLease(session: Session, o: { holder: string; leaseMs: number }): Promise<Lead | undefined> {
  const { rows } = await session.run({
    text: `UPDATE switchyard.journal_lease AS l SET epoch = epoch + 1, holder = $1, ${SESSION}
      WHERE id = 1 AND (l.holder IS NULL
        OR l.renewed_at < clock_timestamp() - $2 * interval '1 millisecond'
        OR (l.renewed_at < clock_timestamp() - ${RETURN_MS} * interval '1 millisecond' AND NOT EXISTS (
          SELECT FROM pg_stat_activity a WHERE a.pid = l.pid AND a.backend_start = l.backend_start)))
      RETURNING epoch, seq, hash`,
    values: [o.holder, o.leaseMs],
  })
  if (rows[0] === undefined) return undefined
  const { epoch, ...head } = leadRow.parse(rows[0])
  return { epoch, head }
}

/**
 * Renews the lease and returns its head, or undefined when another leads. It writes, on purpose: it waits for what our earlier connection may still
 * have under way, and where commits wait for a replica, everything it has seen is there when it returns.
 */
export async function renewLease(session: Session, epoch: string): Promise<JournalHead | undefined> {
  const { rows } = await session.run({
    text: `UPDATE switchyard.journal_lease SET ${SESSION} WHERE id = 1 AND epoch = $1 RETURNING seq, hash`,
    values: [epoch],
  })
  return rows[0] === undefined ? undefined : headRow.parse(rows[0])
}

/** Gives the lease back, so that the next one need not wait. */
export async function releaseLease(session: Session, epoch: string): Promise<void> {
  await session.run({
    text: 'UPDATE switchyard.journal_lease SET holder = NULL, pid = NULL, backend_start = NULL WHERE id = 1 AND epoch = $1',
    values: [epoch],
  })
}

/** Who holds the lease, for a message, and the head as it stands. */
export async function readLease(session: Session): Promise<{ holder: string; head: JournalHead }> {
  const { rows } = await session.run({ text: 'SELECT holder, seq, hash FROM switchyard.journal_lease WHERE id = 1' })
  const { holder, ...head } = holderRow.parse(rows[0])
  return { holder: holder ?? 'another process', head }
}

/** The hash of a block, when it stands. */
export async function hashOfBlock(session: Session, seq: number): Promise<Uint8Array | undefined> {
  const { rows } = await session.run({ text: 'SELECT hash FROM switchyard.journal WHERE seq = $1', values: [seq] })
  return rows[0] === undefined ? undefined : hashRow.parse(rows[0]).hash
}

/** The last block that stands, or undefined in an empty journal. */
export async function lastBlock(session: Session): Promise<JournalHead | undefined> {
  const { rows } = await session.run({ text: 'SELECT seq, hash FROM switchyard.journal ORDER BY seq DESC LIMIT 1' })
  return rows[0] === undefined ? undefined : headRow.parse(rows[0])
}
