import { floorDivCount, max } from '../../money/integers.ts'
import { type Ratio, showRatio } from '../../money/ratio.ts'
import { LACK_WORDS, type PriceView, type SourceView } from '../../treasury/rates/ratesView.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'

/** More places than any market has; what is exact stands beside. */
const PLACES = 12
const SECOND_MS = 1_000

type Needs = Pick<Faces, 'callers' | 'ground' | 'rates'>
type Reader = Readonly<{ now: number; isOperator: boolean }>

/** What assets are worth now, and who says so. */
export function addRates(app: RouteApp, { callers, ground, rates }: Needs): void {
  const summary = 'What each asset is worth in dollars now, and which exchanges say so'
  app.get('/v1/rates', { schema: { tags: ['operations'], summary } }, async (request) => {
    const reader = { now: ground.clock.now(), isOperator: callers.authenticate(request).kind === 'operator' }
    return { data: rates.prices().map((view) => rateView(view, reader)) }
  })
}

function rateView(view: PriceView, reader: Reader) {
  const common = { object: 'rate', asset: view.code, in: 'USD', status: view.kind }
  if (view.kind === 'fixed') return { ...common, value: showRatio(view.value, PLACES), exact: exactOf(view.value), sources: [] }
  const sources = view.sources.map((source) => sourceView(source, reader))
  if (view.kind === 'unavailable') return { ...common, reason: view.why, detail: LACK_WORDS[view.why], since: timeOf(view.since), sources }
  const { value, bid, ask, observed } = view.price
  return {
    ...common,
    ...pricesOf({ bid, ask }),
    value: showRatio(value, PLACES),
    exact: exactOf(value),
    observed_at: timeOf(observed.at),
    age_s: max(floorDivCount(reader.now - observed.at, SECOND_MS), 0),
    snapshot: view.table,
    off_peg: view.offPeg,
    sources,
  }
}

/** What is wrong with a market may name an address of ours. */
function sourceView({ source, verdict, said, fault }: SourceView, { isOperator }: Reader) {
  const { heardAt, saidAt } = said ?? {}
  return {
    source,
    verdict,
    ...(said && pricesOf(said)),
    ...(heardAt !== undefined && { heard_at: timeOf(heardAt) }),
    ...(saidAt !== undefined && { said_at: timeOf(saidAt) }),
    ...(isOperator && fault !== undefined && { fault }),
  }
}

function pricesOf({ bid, ask }: Readonly<{ bid: Ratio; ask: Ratio }>) {
  return { bid: showRatio(bid, PLACES), ask: showRatio(ask, PLACES) }
}

function exactOf({ num, den }: Ratio) {
  return { num: num.toString(), den: den.toString() }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
