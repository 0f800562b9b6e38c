import { DatabaseSync } from 'node:sqlite'
import type { EndpointId } from '../../../gateway/ports/ids.ts'
import type { Delivery, WebhookOutbox } from '../../../gateway/ports/webhookOutbox.ts'
import { toDelivery } from './deliveryRows.ts'
import { APPLICATION_ID, FORMAT, SCHEMA } from './schema.ts'

const LOCK_WAIT_MS = 5_000
/** Of what has ended an endpoint keeps the newest, to be seen: so many of each state. */
const ENDED_KEPT = 1_000
/** After how many ends of an endpoint the oldest are dropped. */
const DROP_EVERY = 200

/** Opens or creates the outbox at `path`. It has one writer. Throws for a file of another kind or format. */
export function openWebhookOutbox(path: string): WebhookOutbox {
  const db = begin(path)
  const line = db.prepare('SELECT * FROM lines WHERE endpoint = ?')
  const addLine = db.prepare('INSERT INTO lines VALUES (?, ?, 0, ?, 0)')
  const moveLine = db.prepare('UPDATE lines SET cursor = ?, replay = ?, replay_cursor = ? WHERE endpoint = ?')
  const setFailing = db.prepare('UPDATE lines SET failing_since = ? WHERE endpoint = ?')
  const waiting = db.prepare("SELECT * FROM deliveries WHERE endpoint = ? AND state = 'waiting' ORDER BY event")
  const put = db.prepare('INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)')
  const known = db.prepare('SELECT endpoint FROM lines')
  const forget = [db.prepare('DELETE FROM deliveries WHERE endpoint = ?'), db.prepare('DELETE FROM lines WHERE endpoint = ?')]
  const drop = db.prepare(`DELETE FROM deliveries WHERE endpoint = ?1 AND state = ?2 AND event <=
    (SELECT event FROM deliveries WHERE endpoint = ?1 AND state = ?2 ORDER BY event DESC LIMIT 1 OFFSET ${ENDED_KEPT})`)
  const ended = new Map<EndpointId, number>()

  const write = (endpoint: EndpointId, { event, type, subject, state, nextAt, tries }: Delivery) =>
    put.run(endpoint, event, type, subject, state, Math.trunc(nextAt), JSON.stringify(tries)) // not money: a time

  function all(work: () => void): void {
    db.exec('BEGIN IMMEDIATE')
    try {
      work()
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }

  function dropOldest(endpoint: EndpointId, more: number): void {
    const count = (ended.get(endpoint) ?? 0) + more
    ended.set(endpoint, count % DROP_EVERY)
    if (count >= DROP_EVERY) for (const state of ['delivered', 'dead']) drop.run(endpoint, state)
  }

  return {
    line(endpoint, start) {
      const row = line.get(endpoint)
      if (!row) addLine.run(endpoint, start, '')
      const { cursor, replay, replay_cursor: replayCursor, failing_since: failing } = (row ?? line.get(endpoint)) as Row
      return { cursor, replay, replayCursor, failingSince: failing === 0 ? undefined : failing }
    },
    waiting: (endpoint) => waiting.all(endpoint).map(toDelivery),
    take(endpoint, events, { cursor, replay, replayCursor }) {
      all(() => {
        for (const delivery of events) write(endpoint, delivery)
        moveLine.run(cursor, replay, replayCursor, endpoint)
      })
    },
    record(done) {
      all(() => {
        const more = new Map<EndpointId, number>()
        for (const { endpoint, delivery } of done) {
          write(endpoint, delivery)
          if (delivery.state !== 'waiting') more.set(endpoint, (more.get(endpoint) ?? 0) + 1)
        }
        for (const [endpoint, count] of more) dropOldest(endpoint, count)
      })
    },
    failing: (endpoint, since) => void setFailing.run(since ?? 0, endpoint),
    forget(endpoint) {
      all(() => forget.forEach((statement) => void statement.run(endpoint)))
      ended.delete(endpoint)
    },
    known: () => known.all().map((row) => row.endpoint as EndpointId), // STRICT column.
    close: () => db.close(),
  }
}

type Row = { cursor: string; replay: number; replay_cursor: string; failing_since: number }

function begin(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  db.exec('PRAGMA journal_mode = WAL')
  // What a power cut takes with it is read and sent again: events are in the journal.
  db.exec('PRAGMA synchronous = NORMAL')
  if (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n === 0) {
    db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`)
    return db
  }
  const [id, format] = [db.prepare('PRAGMA application_id').get()?.application_id, db.prepare('PRAGMA user_version').get()?.user_version]
  if (id === APPLICATION_ID && format === FORMAT) return db
  db.close()
  throw new Error(`${path} is no outbox of webhooks of format ${FORMAT}. It belongs to another version, or is another file.`)
}
