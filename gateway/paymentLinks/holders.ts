import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { prefixesOf } from '../guard/admission/prefixes.ts'
import { ceilDivCount, max, min } from '../money/integers.ts'
import type { Intents } from '../payins/intent/intents.ts'
import type { Clock } from '../ports/clock.ts'
import type { PaymentLink } from './link.ts'

/** Uses of one link that a line may hold without paying one before it waits; where there are many, a tenth of them. */
const FREE = 3
const PARTS = 10
/** A network is as many lines. */
const LINES_OF_NETWORK = 4
/** The wait doubles with each hold that was not paid, so often. */
const DOUBLINGS_MAX = 6
/** Places that are remembered, over all links; the one that was used longest ago is forgotten. */
const PLACES_MAX = 10_000
/** Of one place the newest intents are asked whether they were paid. */
const INTENTS_KEPT = 16
const MS_PER_S = 1_000

type Place = Readonly<{ unpaid: number; since: number; intents: readonly string[] }>
type Parts = Readonly<{ clock: Clock; isPaid: (intent: string) => boolean }>
type Few = Pick<PaymentLink, 'id' | 'payWithinS'> & Readonly<{ usesMax: number }>

/**
 * Who holds uses of links that have few, and does not pay: a line and its network may hold some, and then wait twice as long each time, so that in between
 * the use is others'. A payment ends it. Kept in memory, and forgotten with the process.
 */
export function createHolders({ clock, isPaid }: Parts) {
  const places = new Map<string, Place>()

  function standing(key: string): Place | undefined {
    const place = places.get(key)
    if (!place?.intents.some(isPaid)) return place
    places.delete(key)
    return undefined
  }

  return {
    /** Refuses with `rate_limited` who has held too often. */
    requireTurn(link: Few, address: string): void {
      for (const { key, free } of placesOf(link, address)) {
        const place = standing(key)
        if (!place || place.unpaid < free) continue
        const holdMs = link.payWithinS * MS_PER_S
        const waitMs = place.since + holdMs * 2 ** min(place.unpaid - free + 1, DOUBLINGS_MAX) - clock.now()
        if (waitMs <= 0) continue
        throw new GatewayError('rate_limited', 'From there uses of this payment link were held and not paid', {
          meta: { retry_after_s: ceilDivCount(waitMs, MS_PER_S) },
        })
      }
    },
    /** From there a use is held now. */
    held(link: Few, address: string, intent: string): void {
      for (const { key } of placesOf(link, address)) {
        const { unpaid = 0, intents = [] } = standing(key) ?? {}
        places.delete(key)
        places.set(key, { unpaid: unpaid + 1, since: clock.now(), intents: [...intents, intent].slice(-INTENTS_KEPT) })
      }
      for (const key of places.keys()) {
        if (places.size <= PLACES_MAX) break
        places.delete(key)
      }
    },
  }
}

/** Whether an intent that a link made was paid, as far as it is known still. */
export function paidOf({ get }: Pick<Intents, 'get'>): Parts['isPaid'] {
  return (intent) => {
    try {
      return get(intent).status === 'settled'
    } catch (error) {
      if (isGatewayError(error, 'not_found')) return false
      throw error
    }
  }
}

function placesOf({ id, usesMax }: Few, address: string): readonly Readonly<{ key: string; free: number }>[] {
  const { narrow, wide } = prefixesOf(address)
  const free = max(FREE, ceilDivCount(usesMax, PARTS))
  return [
    { key: `${id} line ${narrow}`, free },
    { key: `${id} network ${wide}`, free: free * LINES_OF_NETWORK },
  ]
}
