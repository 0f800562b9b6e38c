import { GatewayError } from '../errors/gatewayError.ts'
import type { Meter } from './meter.ts'
import type { Entry } from './paywall.ts'

export type Meters = ReturnType<typeof createMeters>

/** The meters of the work that runs, by what its handler is given: a request, or Hono's context. */
export function createMeters() {
  const known = new WeakMap<object, Meter>()
  return {
    /** Answers the request. */
    keep<R extends object>(request: R, { meter }: Extract<Entry, { kind: 'run' }>): R {
      if (meter) known.set(request, meter)
      return request
    },
    /** Throws `seller_misconfigured` where the request has one price, or none. */
    of(request: object): Meter {
      const meter = typeof request === 'object' && request !== null ? known.get(request) : undefined
      if (meter) return meter
      throw new GatewayError(
        'seller_misconfigured',
        'This request has no meter: it has one price, is free, or is not what its handler was given',
        {
          hint: "Give the route price: { upto: usd('0.05') }, and seller.meter the handler's request, or Hono's context.",
        },
      )
    },
  }
}
