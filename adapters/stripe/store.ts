import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { FailureReason } from '../../gateway/ports/outcome.ts'

/**
 * An attempt as the file has it. `sentAt` (ms): null while it is announced alone. `made` at `madeAt` (s): what it became at Stripe; `reason`: why it became
 * nothing.
 */
export type AttemptRow = Readonly<{
  id: string
  account: string | null
  cents: number | null
  sentAt: number | null
  made: string | null
  madeAt: number | null
  reason: FailureReason | null
  detail: string | null
}>

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE attempts (id TEXT PRIMARY KEY, announced_at INTEGER NOT NULL, account TEXT, cents INTEGER, sent_at INTEGER, made TEXT, made_at INTEGER,
    reason TEXT, detail TEXT) STRICT;
  CREATE INDEX attempts_announced ON attempts (announced_at);
`
const ROW = 'id, account, cents, sent_at AS sentAt, made, made_at AS madeAt, reason, detail'
/** Announcements that nothing followed tell a lost file from this one for so long. */
const ANNOUNCED_MS = 90 * 24 * 3_600_000

export type StripeStore = ReturnType<typeof openStore>

/** The rail's own file. A file of an account in another currency is refused with `rail_unavailable`. Each write is durable. */
export function openStore(file: string, currency: string, now: number) {
  const db = new DatabaseSync(file)
  const meta = (name: string) => (db.prepare('SELECT value FROM meta WHERE name = ?').get(name) as { value: string } | undefined)?.value // By the schema.
  const setMeta = (name: string, value: string) => db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value)
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
    if (!db.prepare("SELECT name FROM sqlite_schema WHERE name = 'meta'").get()) {
      db.exec(`BEGIN; ${SCHEMA} COMMIT`)
      setMeta('currency', currency)
      setMeta('file', randomBytes(8).toString('hex'))
    }
    if (meta('currency') !== currency) {
      throw new GatewayError('rail_unavailable', `${file} is of an account in ${meta('currency')}, not in ${currency}`, {
        hint: 'Correct stripe.currency, or name another data folder.',
      })
    }
    db.prepare('DELETE FROM attempts WHERE announced_at < ? AND sent_at IS NULL').run(now - ANNOUNCED_MS)
  } catch (error) {
    db.close()
    throw error
  }
  const row = db.prepare(`SELECT ${ROW} FROM attempts WHERE id = ?`)
  const announce = db.prepare('INSERT OR IGNORE INTO attempts (id, announced_at) VALUES (?, ?)')
  const send = db.prepare('UPDATE attempts SET account = ?, cents = ?, sent_at = ? WHERE id = ? AND sent_at IS NULL AND reason IS NULL')
  const settle = db.prepare('UPDATE attempts SET made = ?, made_at = ? WHERE id = ? AND reason IS NULL')
  const fail = db.prepare('UPDATE attempts SET reason = ?, detail = ? WHERE id = ? AND made IS NULL')
  return {
    /** Which file this is: another one has another name, also an older copy's successor. */
    fileName: meta('file')!, // Written with the schema.
    meta,
    setMeta,
    row: (id: string) => row.get(id) as AttemptRow | undefined, // The columns of the table, which is STRICT.
    announce: (id: string, at: number) => void announce.run(id, at),
    /** From now on it may be at Stripe. */
    noteSent: (id: string, o: Readonly<{ account: string; cents: number; at: number }>) => void send.run(o.account, o.cents, o.at, id),
    noteMade: (id: string, made: string, at: number) => void settle.run(made, at, id),
    noteFailed: (id: string, reason: FailureReason, detail: string) => void fail.run(reason, detail, id),
    close: () => db.close(),
  }
}
