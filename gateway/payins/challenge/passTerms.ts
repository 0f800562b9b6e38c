import type { Money } from '../../money/money.ts'

/**
 * What a pass of a route is. `uses`: so many requests; `time`: any number of them; `budget`: requests at their own prices, as long as `price` lasts. Each
 * ends `forMs` after its offer. `price` is what the pass costs, in USD.
 */
export type PassTerms =
  | Readonly<{ kind: 'uses'; uses: number; price: Money; forMs: number }>
  | Readonly<{ kind: 'time'; price: Money; forMs: number }>
  | Readonly<{ kind: 'budget'; price: Money; forMs: number }>

/**
 * A pass as a 402 sells it: `route` from `passDigest`; `method` and `path` as caveats say them, a path only where all of the route have it; `offeredUntil` and
 * `endsAt` in ms.
 */
export type PassOffer = Readonly<{
  route: string
  method: string
  path: string | undefined
  terms: PassTerms
  offeredUntil: number
  endsAt: number
}>
