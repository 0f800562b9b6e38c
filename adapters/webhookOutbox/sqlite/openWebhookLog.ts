import { DatabaseSync } from 'node:sqlite'
import type { WebhookLog } from '../../../gateway/ports/webhookOutbox.ts'
import { toDelivery } from './deliveryRows.ts'

const LOCK_WAIT_MS = 2_000
/** Sorts behind the id of every event. */
const END = 'evt_g'

/** Opens the outbox at `path`, which is there, to be seen. */
export function openWebhookLog(path: string): WebhookLog {
  const db = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS })
  const all = db.prepare('SELECT * FROM deliveries WHERE endpoint = ? AND event < ? ORDER BY event DESC LIMIT ?')
  const inState = db.prepare('SELECT * FROM deliveries WHERE endpoint = ? AND state = ? AND event < ? ORDER BY event DESC LIMIT ?')
  return {
    deliveries: (endpoint, { limit, after = END, state }) =>
      (state === undefined ? all.all(endpoint, after, limit) : inState.all(endpoint, state, after, limit)).map(toDelivery),
    close: () => db.close(),
  }
}
