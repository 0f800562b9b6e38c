import { lower } from '../node/contracts.ts'
import { type NonceParts, type NonceRefusal, openNonces } from './nonces.ts'
import { createOffering, type LaneCall } from './offering.ts'
import type { LiveTransaction, Signed } from './transactionTable.ts'

/** Why a call was given no nonce. `full`: too many wait. */
export type LaneRefusal = NonceRefusal | 'full'

export type Lane = Awaited<ReturnType<typeof openLane>>

/**
 * The lane of one operator's key. Nonces are given out one at a time, each to a call that already passed simulation; its row and its
 * signed bytes are durable before they are sent. Nothing here waits for a receipt.
 */
export async function openLane(parts: NonceParts) {
  const { transactions, flights } = parts
  const offering = createOffering(parts)
  const nonces = await openNonces(parts, offering)

  return {
    operator: lower(parts.signer.address),
    flights: flights.all,
    setMined: flights.setMined,
    replace: offering.replace,
    offerAgain: offering.offer,
    isHalted: nonces.isHalted,
    countsAt: nonces.countsAt,
    follow: nonces.follow,
    drop: (nonce: number): void => flights.drop(nonce),
    /** How many of its transactions are not mined; while it gives no nonces it is taken last. */
    load: (): number => (nonces.isHalted() ? Number.POSITIVE_INFINITY : flights.room.inside()),
    /** Follows again what was final and is not any more. */
    takeUp: flights.takeUp,
    /** A form that the file did not hold, durable with the others. */
    takeForm(row: LiveTransaction, form: Signed): void {
      transactions.addForm(row, form)
      flights.addForm(row.nonce, form)
    },
    /** What the transaction was for must not happen any more: an empty one with higher fees takes its nonce, as far as that is possible. */
    cancel(row: LiveTransaction): void {
      transactions.cancel(row)
      flights.setCancelled(row.nonce)
    },

    /** The nonce given to the call, its row durable and once broadcast; or why none was given. The call must have passed simulation. */
    async submit(call: LaneCall): Promise<LaneRefusal | number> {
      if (!(await flights.room.enter())) return 'full'
      let given: LaneRefusal | number = 'full'
      try {
        given = await nonces.give(call)
        return given
      } finally {
        if (typeof given !== 'number') flights.room.leave()
      }
    },
  }
}
