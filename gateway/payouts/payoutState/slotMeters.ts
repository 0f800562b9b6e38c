import { max } from '../../money/integers.ts'
import type { Whom } from './whom.ts'

const DAY_MS = 86_400_000
/** Whose used time is remembered; who used some longest ago is the first to be forgotten. */
const METERS_MAX = 10_000

/** Slot time that was used, in ms. */
type SlotMeters = Readonly<{
  add(whom: Whom, usedMs: number): void
  /** What is left of it: it runs out at the pace of a day's allowance a day. */
  used(whom: Whom): number
}>

export function createSlotMeters(o: { now: () => number; aDayMs: (whom: Whom) => number }): SlotMeters {
  const meters = new Map<Whom, Readonly<{ usedMs: number; at: number }>>()

  function used(whom: Whom): number {
    const meter = meters.get(whom)
    if (!meter) return 0
    const regained = ((o.now() - meter.at) * o.aDayMs(whom)) / DAY_MS // not money: slot time
    return max(meter.usedMs - regained, 0)
  }

  return {
    used,
    add(whom, usedMs) {
      const sum = used(whom) + usedMs
      meters.delete(whom)
      meters.set(whom, { usedMs: sum, at: o.now() })
      const [oldest] = meters.keys()
      if (meters.size > METERS_MAX && oldest !== undefined) meters.delete(oldest)
    },
  }
}
