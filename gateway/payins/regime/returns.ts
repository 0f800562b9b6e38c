import { ceilDivCount, floorDivCount } from '../../money/integers.ts'
import { COUNTED_MAX, type Returning } from './chooseRegime.ts'

/** Who is forgotten first has not come for longest. About 150 bytes each. */
const PAIRS_MAX = 20_000
const ROUTES_MAX = 1_000

/** Of a route that is new as much is thought as of so many payers who came to all of them. */
const PAYERS_AS_ELSEWHERE = 4
/** Fewer payers, of all routes together, say nothing. */
const PAYERS_MIN = 30
/** From so many payments on what is older counts half. */
const PAYMENTS_MAX = 100_000

type Counted = { reached: number[]; payments: number }

/**
 * Who comes again for what, in memory and bounded: it is told only of payments that were claimed, so strangers who pay nothing leave nothing. A restart begins
 * anew, and costs no more than the first payments of each. What is known of all routes stands for what is not known of one yet.
 */
export function createReturns(max = { pairs: PAIRS_MAX, routes: ROUTES_MAX }) {
  const pairs = new Map<string, number>()
  const routes = new Map<string, Counted>()
  const all: Counted = { reached: [], payments: 0 }
  return {
    /** One more payment for a route, by whatever its payer is known by. */
    note(route: string, payer: string): void {
      const had = touch(pairs, pairOf(route, payer), { max: max.pairs, first: () => 0 })
      pairs.set(pairOf(route, payer), had + 1)
      count(touch(routes, route, { max: max.routes, first: (): Counted => ({ reached: [], payments: 0 }) }), had)
      count(all, had)
    },
    of(route: string, payer: string | undefined): Returning {
      const had = payer === undefined ? 0 : (pairs.get(pairOf(route, payer)) ?? 0)
      const payers = all.reached[0] ?? 0
      if (payers < PAYERS_MIN) return { had, reached: [], payments: 0 }
      const own = routes.get(route)
      const blend = (of: number, elsewhere: number) => of * payers + elsewhere * PAYERS_AS_ELSEWHERE
      const reached = all.reached.map((elsewhere, i) => blend(own?.reached[i] ?? 0, elsewhere))
      return { had, reached, payments: blend(own?.payments ?? 0, all.payments) }
    },
    size: (): number => pairs.size + routes.size,
  }
}

function count(counted: Counted, had: number): void {
  counted.payments += 1
  if (had < COUNTED_MAX) counted.reached[had] = (counted.reached[had] ?? 0) + 1
  if (counted.payments < PAYMENTS_MAX) return
  counted.payments = floorDivCount(counted.payments, 2)
  counted.reached = counted.reached.map((payers) => ceilDivCount(payers, 2))
}

function pairOf(route: string, payer: string): string {
  return `${payer} ${route}`
}

/** What stands under a key, which is the newest now; the oldest leaves for a new one. A map keeps the order in which its keys came. */
function touch<T>(map: Map<string, T>, key: string, { max, first }: Readonly<{ max: number; first: () => T }>): T {
  const value = map.get(key) ?? first()
  map.delete(key)
  if (map.size >= max) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
  return value
}
