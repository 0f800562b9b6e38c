import { invariant } from '../../../gateway/errors/invariant.ts'
import type { NodeStore } from './nodeStore.ts'

/** Money that moved, in the order in which it became durable. `seq` is the cursor. Amounts in msat, time in ms. */
export type NodeEvent = Readonly<{
  seq: bigint
  kind: 'received' | 'sent'
  paymentHash: string
  amountMsat: bigint
  feeMsat: bigint
  preimage: string
  at: bigint
}>

/** True when we have taken money for this hash: a second payment to it must be failed back. */
export function isClaimed(store: NodeStore, paymentHash: string): boolean {
  return store.statement('SELECT 1 FROM claims WHERE payment_hash = ?').get(paymentHash) !== undefined
}

/** Notes that the preimage is being given away for this amount; in the same commit as the monitor update that gives it. */
export function recordClaim(store: NodeStore, c: { paymentHash: string; amountMsat: bigint; at: number }): void {
  store.write('INSERT INTO claims (payment_hash, amount_msat, at) VALUES (?, ?, ?)', c.paymentHash, c.amountMsat, BigInt(c.at))
}

/** Records money that moved, once for each kind and hash. */
export function recordEvent(store: NodeStore, e: Omit<NodeEvent, 'seq' | 'at'> & { at: number }): void {
  store.write(
    'INSERT OR IGNORE INTO events (kind, payment_hash, amount_msat, fee_msat, preimage, at) VALUES (?, ?, ?, ?, ?, ?)',
    e.kind,
    e.paymentHash,
    e.amountMsat,
    e.feeMsat,
    e.preimage,
    BigInt(e.at),
  )
}

/** At most `limit` events of one kind with a higher `seq`, in order. */
export function eventsAfter(store: NodeStore, kind: NodeEvent['kind'], after: bigint, limit: bigint): NodeEvent[] {
  const rows = store
    .statement('SELECT seq, payment_hash, amount_msat, fee_msat, preimage, at FROM events WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ?')
    .all(kind, after, limit)
  return rows.map(({ seq, payment_hash, amount_msat, fee_msat, preimage, at }) => {
    invariant(typeof seq === 'bigint' && typeof amount_msat === 'bigint' && typeof fee_msat === 'bigint', 'an event has integers')
    invariant(typeof at === 'bigint' && typeof payment_hash === 'string' && typeof preimage === 'string', 'an event names its payment')
    return { seq, kind, paymentHash: payment_hash, amountMsat: amount_msat, feeMsat: fee_msat, preimage, at }
  })
}
