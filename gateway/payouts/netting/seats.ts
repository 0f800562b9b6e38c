import { min } from '../../money/integers.ts'
import type { NetId } from '../../ports/ids.ts'
import type { Net } from './net.ts'

/** Which net a new payout joins. A seat is taken before the payout is durable, so that a net never closes under one that is joining. */
export type Seats = Readonly<{
  /** A seat in the open net of this key, or in a new one. `free` says once that it is durable or given up: it is not awaited any more. */
  take(key: string, o: { countMax: number; fresh: () => NetId }): Readonly<{ net: NetId; free: (o: { joined: boolean }) => void }>
  /** Lets nobody join any more; true once those who were joining have ended, so that the net may close. */
  seal(net: NetId): boolean
}>

type Open = { net: NetId; countMax: number; taken: number; joining: number }

/** `standing` are the nets that were open when the process began. */
export function createSeats(standing: () => readonly Net[], keyOf: (net: Net) => string): Seats {
  let open: Map<string, Open> | undefined
  const sealed = new Map<NetId, Open>()

  /** Read at the first use, when the books have started. */
  function nets(): Map<string, Open> {
    open ??= new Map(
      standing()
        .filter((net) => !net.closed)
        .map((net) => [keyOf(net), { net: net.id, countMax: net.bounds.countMax, taken: net.members.length, joining: 0 }]),
    )
    return open
  }

  return {
    take(key, { countMax, fresh }) {
      const known = nets().get(key)
      const least = known ? min(known.countMax, countMax) : countMax
      const seat = known && known.taken < least ? known : { net: fresh(), countMax, taken: 0, joining: 0 }
      nets().set(key, seat)
      seat.countMax = min(countMax, seat.countMax)
      seat.taken++
      seat.joining++
      const free = ({ joined }: { joined: boolean }) => {
        seat.joining--
        if (!joined) seat.taken--
      }
      return { net: seat.net, free }
    },
    seal(net) {
      for (const [key, seat] of nets()) {
        if (seat.net !== net) continue
        nets().delete(key)
        sealed.set(net, seat)
      }
      if ((sealed.get(net)?.joining ?? 0) > 0) return false
      sealed.delete(net)
      return true
    },
  }
}
