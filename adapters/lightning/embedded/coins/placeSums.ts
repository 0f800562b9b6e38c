import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import type { NodePlace } from '../payments/nodeEvents.ts'

/**
 * What the books hold at a place once they have read every event: all that came less all that went. For 'node' it begins with what our side of
 * each channel was when it opened, which the books take over as capital: that of a later one by its 'funded'.
 */
export function bookedMsat(store: NodeStore, place: NodePlace): bigint {
  const moved = sumOf(
    store,
    `SELECT coalesce(sum(CASE
       WHEN kind = 'sent' THEN CASE WHEN place = ?1 THEN -(amount_msat + fee_msat) ELSE 0 END
       WHEN kind = 'received' THEN CASE WHEN place = ?1 THEN amount_msat ELSE 0 END
       WHEN kind = 'funded' THEN 0
       WHEN kind = 'spent' THEN CASE WHEN place = ?1 THEN -amount_msat ELSE 0 END
       ELSE CASE WHEN place = ?1 THEN -amount_msat WHEN to_place = ?1 THEN amount_msat ELSE 0 END
     END), 0) AS n FROM events`,
    place,
  )
  return place === 'node' ? moved + sumOf(store, 'SELECT coalesce(sum(opened_msat), 0) AS n FROM opened_channels') : moved
}

/** A query whose one row is one integer, `n`. */
export function sumOf(store: NodeStore, sql: string, ...values: string[]): bigint {
  const n = store.statement(sql).get(...values)?.n
  invariant(typeof n === 'bigint', 'a sum is an integer')
  return n
}
