import { GatewayError } from '../errors/gatewayError.ts'
import type { Clock } from '../ports/clock.ts'
import type { PartyId } from '../ports/ids.ts'
import type { ErrandRecords } from './errandRecords.ts'
import { type FacilitatorLimits, OPEN_MAX } from './limits.ts'

type QuotaParts = Readonly<{ records: ErrandRecords; limits: FacilitatorLimits; clock: Clock }>

/** How much each seller may have done. Those on their way into the books count too, so that many at once do not pass together. */
export function createQuotas({ records, limits, clock }: QuotaParts) {
  const coming = createComing()
  // From the moment on at which the books show it, it is counted there.
  records.onChange((id) => coming.leave(records.get(id)?.claimKey ?? ''))

  function countOf(seller: PartyId) {
    const more = coming.of(seller)
    const { open, taken, failed } = records.countOf(seller, clock.now())
    return { open: open + more, taken: taken + more, failed }
  }

  function requireRoom(seller: PartyId): void {
    const { open, taken, failed } = countOf(seller)
    if (failed >= limits.failedPerDay) throw over(`${failed} payments came to nothing today (UTC), the most is ${limits.failedPerDay}`)
    if (taken >= limits.perDay) throw over(`${taken} payments were taken today (UTC), the most is ${limits.perDay}`)
    if (open >= limits.inFlight) throw over(`${open} payments have no end yet, the most is ${limits.inFlight}`)
    if (records.openCount() + coming.all() >= OPEN_MAX) throw new GatewayError('too_busy', 'Too many payments wait for a block')
  }

  return {
    countOf,
    /** Refuses with `facilitator_quota` and `too_busy` when one more would be too many. */
    requireRoom,
    /** The place of one that is on its way into the books, until they show it or `leave`. Refuses as `requireRoom` does. */
    enter(seller: PartyId, claimKey: string): void {
      requireRoom(seller)
      coming.enter(seller, claimKey)
    },
    leave: coming.leave,
  }
}

/** Each claim once, counted by its seller. */
function createComing() {
  const sellerOf = new Map<string, PartyId>()
  const counts = new Map<PartyId, number>()
  return {
    of: (seller: PartyId): number => counts.get(seller) ?? 0,
    all: (): number => sellerOf.size,
    enter(seller: PartyId, claimKey: string): void {
      sellerOf.set(claimKey, seller)
      counts.set(seller, (counts.get(seller) ?? 0) + 1)
    },
    leave(claimKey: string): void {
      const seller = sellerOf.get(claimKey)
      if (seller === undefined) return
      sellerOf.delete(claimKey)
      const rest = (counts.get(seller) ?? 0) - 1
      if (rest > 0) counts.set(seller, rest)
      else counts.delete(seller)
    },
  }
}

function over(message: string): GatewayError {
  return new GatewayError('facilitator_quota', message)
}
