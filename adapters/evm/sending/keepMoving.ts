import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Flight } from './flights.ts'
import type { Lane } from './lane.ts'
import type { LiveTransaction } from './transactionTable.ts'

export type MovingParts = Readonly<{
  lane: Lane
  replaceAfterMs: number
  clock: Clock
  /** It waits for a fee above its cap: only the market can help. */
  onUnderpriced(row: LiveTransaction): void
}>

/** A node may have dropped what it took; offering it again costs nothing. */
const REOFFER_MS = 5_000

/**
 * What is not mined is offered again when it was not taken or long ago, and replaced when it is late: later than `replaceAfterMs` since it
 * was signed or since this process began. In order of nonces, because some nodes refuse to queue.
 */
export async function keepMoving(parts: MovingParts, flights: readonly Flight[], startedAt: number): Promise<void> {
  const { lane, clock } = parts
  for (const flight of flights) {
    const { row, offeredAt } = flight
    lane.setMined(row.nonce, false)
    const now = clock.now()
    // Its older forms must not be offered again; the first empty one is due at once.
    if (row.cancelled > 0 && row.forms.length === row.cancelled) {
      if (!(await lane.replace(flight))) parts.onUnderpriced(row)
      continue
    }
    const isLate = now - Math.max(row.forms.at(-1)!.signedAt, startedAt) > parts.replaceAfterMs
    if (offeredAt !== undefined && isLate) {
      if (await lane.replace(flight)) continue
      parts.onUnderpriced(row)
    }
    if (offeredAt === undefined || now - offeredAt > REOFFER_MS) await lane.offerAgain(row.nonce)
  }
}
