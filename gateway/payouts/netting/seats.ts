import { min } from '../../money/integers.ts'
import type { NetId } from '../../ports/ids.ts'
import type { Net } from './net.ts'

/** Which net a new payout joins. A seat is taken before the payout is durable, so that a net never closes under one that is joining. */
export type Seats = Readonly<{
  /** A seat in the open net of this key, or in a new one. `free` says once that it is durable or given up: it is not awaited any more. */
  take(key: string, o: { countMax: number; fresh: () => NetId }): Readonly<{ net: NetId; free: (o: { joined: boolean }) => void }>
  /** Lets nobody join any more, and resolves when those who were joining have ended. */
  seal(net: NetId): Promise<void>
}>

type Open = { net: NetId; countMax: number; taken: number; joining: number; rested: (() => void)[] }

/** `standing` are the nets that were open when the process began. */
export function createSeats(standing: () => readonly Net[], keyOf: (net: Net) => string): Seats {
  let open: Map<string, Open> | undefined

  /** Read at the first use, when the books have started. */
  function nets(): Map<string, Open> {
    open ??= new Map(
      standing()
        .filter((net) => !net.closed)
        .map((net) => [keyOf(net), { net: net.id, countMax: net.bounds.countMax, taken: net.members.length, joining: 0, rested: [] }]),
    )
    return open
  }

  return {
    take(key, { countMax, fresh }) {
      const known = nets().get(key)
      const least = known ? min(known.countMax, countMax) : countMax
      const seat = known && known.taken < least ? known : { net: fresh(), countMax, taken: 0, joining: 0, rested: [] }
      nets().set(key, seat)
      seat.countMax = min(countMax, seat.countMax)
      seat.taken++
      seat.joining++
      const free = ({ joined }: { joined: boolean }) => {
        seat.joining--
        if (!joined) seat.taken--
        if (seat.joining === 0) for (const rest of seat.rested.splice(0)) rest()
      }
      return { net: seat.net, free }
    },
    async seal(net) {
      for (const [key, seat] of nets()) {
        if (seat.net !== net) continue
        nets().delete(key)
        if (seat.joining > 0) await new Promise<void>((resolve) => seat.rested.push(resolve))
      }
    },
  }
}
