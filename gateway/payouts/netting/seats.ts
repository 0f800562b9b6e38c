import { min } from '../../money/integers.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { NetId } from '../../ports/ids.ts'
import type { Member, Net } from './net.ts'

/** Which net a new payout joins. A seat is taken before the payout is durable, so that a net never closes under one that is joining. */
export type Seats = Readonly<{
  /** A seat in the open net of this key, or in a new one, which is the open one from then on; in one that nobody else joins where it is to be `alone`. */
  take(key: string, o: Wish): Seat
  /** Lets nobody join any more; true once those who were joining have ended, so that the net may close. */
  seal(net: NetId): boolean
}>

type Wish = Readonly<{ countMax: number; source: AccountPath; units: bigint; fresh: () => NetId; alone?: boolean }>

/**
 * `units` are those of all who sit there, and `mixed` whether another source is among them. `free` says once that it is durable or given up: it is not awaited
 * any more.
 */
export type Seat = Readonly<{ net: NetId; units: bigint; mixed: boolean; free: (o: { joined: boolean }) => void }>

type Sitting = Readonly<{ source: AccountPath; units: bigint }>
type Open = { net: NetId; countMax: number; joining: number; readonly sitting: Set<Sitting> }

/** `standing` are the nets that were open when the process began. */
export function createSeats(standing: () => readonly Net[], keyOf: (net: Net) => string): Seats {
  let open: Map<string, Open> | undefined
  /** Nets that nobody joins any more, until they close. */
  const sealed = new Map<NetId, Open>()

  /** Read at the first use, when the books have started. */
  function nets(): Map<string, Open> {
    open ??= new Map(
      standing()
        .filter((net) => !net.closed)
        .map((net) => [
          keyOf(net),
          { net: net.id, countMax: net.bounds.countMax, joining: 0, sitting: new Set(net.members.map(sittingOf)) },
        ]),
    )
    return open
  }

  return {
    take(key, { countMax, source, units, fresh, alone }) {
      const known = alone ? undefined : nets().get(key)
      const least = known ? min(known.countMax, countMax) : countMax
      const seat = known && known.sitting.size < least ? known : { net: fresh(), countMax, joining: 0, sitting: new Set<Sitting>() }
      // One that is full may close with somebody on the way to it.
      if (known && known !== seat) sealed.set(known.net, known)
      if (alone) sealed.set(seat.net, seat)
      else nets().set(key, seat)
      seat.countMax = min(countMax, seat.countMax)
      const own = { source, units }
      seat.sitting.add(own)
      seat.joining++
      const free = ({ joined }: { joined: boolean }) => {
        seat.joining--
        if (!joined) seat.sitting.delete(own)
      }
      const all = [...seat.sitting]
      const sum = all.reduce((before, one) => before + one.units, 0n)
      return { net: seat.net, units: sum, mixed: all.some((one) => one.source !== source), free }
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

function sittingOf({ source, amount }: Member): Sitting {
  return { source, units: amount.units }
}
