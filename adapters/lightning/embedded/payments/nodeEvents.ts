import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'

/**
 * Where a node has money: in its open channels; on chain on its way out of closed ones; on chain under a key of its wallet. The names are the
 * places of the gateway's books.
 */
export type NodePlace = 'node' | 'closing' | 'wallet'

/**
 * Money that moved, in the order in which it became durable. `seq` is the cursor; `id` is the payment hash of what was received or sent, and a
 * name of its own for what was moved from `place` to `toPlace` or spent there, or was ours when a channel opened (`funded`). Amounts in msat, time in ms.
 */
export type NodeEvent = Readonly<{
  seq: bigint
  kind: 'received' | 'sent' | 'moved' | 'spent' | 'funded'
  id: string
  place: NodePlace
  toPlace: NodePlace | undefined
  amountMsat: bigint
  feeMsat: bigint
  preimage: string
  /** What a payment to us pays: an offer of ours by its name, or its own hash. */
  reference: string
  /** What the payer sent along. */
  records: readonly TlvRecord[]
  at: bigint
}>

const KINDS: ReadonlySet<unknown> = new Set<NodeEvent['kind']>(['received', 'sent', 'moved', 'spent', 'funded'])

/** True when we have taken money for this hash: a second payment to it must be failed back. */
export function isClaimed(store: NodeStore, paymentHash: string): boolean {
  return store.statement('SELECT 1 FROM claims WHERE payment_hash = ?').get(paymentHash) !== undefined
}

/** Notes that the preimage is being given away for this amount; in the same commit as the monitor update that gives it. */
export function recordClaim(
  store: NodeStore,
  c: { paymentHash: string; amountMsat: bigint; records?: readonly TlvRecord[]; reference?: string | undefined; at: number },
): void {
  const sql = 'INSERT INTO claims (payment_hash, amount_msat, records, reference, at) VALUES (?, ?, ?, ?, ?)'
  store.write(sql, c.paymentHash, c.amountMsat, JSON.stringify(c.records ?? []), c.reference ?? null, BigInt(c.at))
}

/** Records a payment, in or out of the channels, once for each kind and hash. */
export function recordEvent(
  store: NodeStore,
  e: { kind: 'received' | 'sent'; paymentHash: string; amountMsat: bigint; feeMsat: bigint; preimage: string; at: number },
): void {
  store.write(
    "INSERT OR IGNORE INTO events (kind, id, place, amount_msat, fee_msat, preimage, at) VALUES (?, ?, 'node', ?, ?, ?, ?)",
    e.kind,
    e.paymentHash,
    e.amountMsat,
    e.feeMsat,
    e.preimage,
    BigInt(e.at),
  )
}

/** Records what happened to money outside open channels; `id` tells it from all others of its kind. */
export function recordPlaceEvent(
  store: NodeStore,
  e: { kind: 'received' | 'moved' | 'spent' | 'funded'; id: string; place: NodePlace; toPlace?: NodePlace; amountMsat: bigint; at: number },
): void {
  invariant(e.amountMsat > 0n, 'what moves between places is positive')
  store.write(
    "INSERT INTO events (kind, id, place, to_place, amount_msat, fee_msat, preimage, at) VALUES (?, ?, ?, ?, ?, 0, '', ?)",
    e.kind,
    e.id,
    e.place,
    e.toPlace ?? null,
    e.amountMsat,
    BigInt(e.at),
  )
}

/** Records what left the wallet by a transaction of ours that is final. */
export function recordWithdrawn(store: NodeStore, w: { id: string; txid: string; amountMsat: bigint; feeMsat: bigint; at: number }): void {
  store.write(
    "INSERT INTO events (kind, id, place, amount_msat, fee_msat, preimage, at) VALUES ('sent', ?, 'wallet', ?, ?, '', ?)",
    `withdrawal ${w.id} ${w.txid}`,
    w.amountMsat,
    w.feeMsat,
    BigInt(w.at),
  )
}

/** At most `limit` events of these kinds with a higher `seq`, in order. */
export function eventsAfter(store: NodeStore, kinds: readonly NodeEvent['kind'][], after: bigint, limit: bigint): NodeEvent[] {
  const rows = store
    .statement(
      'SELECT seq, kind, id, place, to_place, events.amount_msat, fee_msat, preimage, events.at, c.records, c.reference FROM events LEFT JOIN claims c ON c.payment_hash = id WHERE seq > ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?',
    )
    .all(after, JSON.stringify(kinds), limit)
  return rows.map(eventOf)
}

/** The newest event's `seq`, 0 before the first: what the balance of this moment includes. */
export function lastEventSeq(store: NodeStore): bigint {
  const last = store.statement('SELECT coalesce(max(seq), 0) AS seq FROM events').get()?.seq
  invariant(typeof last === 'bigint', 'a sequence number is an integer')
  return last
}

function eventOf({
  seq,
  kind,
  id,
  place,
  to_place,
  amount_msat,
  fee_msat,
  preimage,
  at,
  records,
  reference,
}: Record<string, unknown>): NodeEvent {
  invariant(typeof seq === 'bigint' && typeof amount_msat === 'bigint' && typeof fee_msat === 'bigint', 'an event has integers')
  invariant(typeof at === 'bigint' && typeof id === 'string' && typeof preimage === 'string', 'an event has a name')
  invariant(KINDS.has(kind), 'an event is of a known kind')
  const toPlace = to_place === null ? undefined : placeOf(to_place)
  return {
    seq,
    kind: kind as NodeEvent['kind'], // One of them, as was checked.
    id,
    place: placeOf(place),
    toPlace,
    amountMsat: amount_msat,
    feeMsat: fee_msat,
    preimage,
    reference: typeof reference === 'string' ? reference : id,
    records: kind === 'received' ? recordsIn(records) : [],
    at,
  }
}

/** As `recordClaim` wrote them. */
function recordsIn(text: unknown): readonly TlvRecord[] {
  return typeof text === 'string' ? (JSON.parse(text) as TlvRecord[]) : []
}

function placeOf(text: unknown): NodePlace {
  invariant(text === 'node' || text === 'closing' || text === 'wallet', 'money is at a known place')
  return text
}
