import type { PassOffer } from '../../payins/challenge/passTerms.ts'
import { type AskedRequest, guardedOf, type PricedRoute } from './pricedRoute.ts'

/** What in a route's pattern stands for more than itself. */
const PATTERN = /[:*({[]/

/**
 * The pass of a route as a 402 sells it, to whoever asks for no invoice by name: a charge buys one request. `offeredUntil` is when the last of its offers ends,
 * so that who pays late has the whole time.
 */
export function passOffer(route: PricedRoute, request: AskedRequest, offeredUntil: number): PassOffer | undefined {
  const { pass: terms, passDigest } = route
  if (!terms) return undefined
  const { method, path } = guardedOf(request)
  const asked = method === 'HEAD' ? 'GET' : method
  return { route: passDigest, method: asked, path: pathOf(route.url, path), terms, offeredUntil, endsAt: offeredUntil + terms.forMs }
}

/** The path as a caveat, where every request of the route that is spelled like this one is under it. */
function pathOf(route: string, asked: string): string | undefined {
  if (!/^[!-~]+$/.test(asked)) return undefined
  const at = route.search(PATTERN)
  if (at < 0) return asked === route ? asked : undefined
  const start = route.slice(0, at)
  return start.endsWith('/') && asked.startsWith(start) ? `${start}*` : undefined
}
