import type { Asset } from '../../money/asset.ts'
import type { Rate } from '../../money/rate.ts'
import type { Fact } from '../../ports/books.ts'
import type { ReadFact, ReadModel } from '../../ports/readModel.ts'
import { readRateFact } from './facts.ts'
import { TICK_BEFORE } from './moment.ts'
import { type Prices, type RateTable, rateTable } from './rateTable.ts'
import { readRatioText } from './ratioText.ts'

/** The last rate that was written before a time (ms): something was priced by it. Undefined where none was. */
export type RateThen = (from: Asset, to: Asset, at: number) => Rate | undefined

const PREFIX = 'rt_'
const TIME_DIGITS = 12
/** So many sets of prices are looked at for one that has both assets; each is a read of its own. */
const SETS_MAX = 32
const TABLES_MAX = 64

/** Rates as the journal has them. Sets of prices are named by ids that sort by time, so one is found in one step, however many there are. */
export function recordedRates(reads: Pick<ReadModel, 'newestBetween'>): RateThen {
  const tables = new Map<string, RateTable>()

  function tableOf(fact: ReadFact): RateTable {
    const known = tables.get(fact.subject)
    if (known) return known
    const table = readTable(fact)
    if (tables.size >= TABLES_MAX) tables.clear()
    tables.set(fact.subject, table)
    return table
  }

  return (from, to, at) => {
    let before = `${PREFIX}${(at + 1).toString(16).padStart(TIME_DIGITS, '0')}`
    for (let sets = 0; sets < SETS_MAX; sets++) {
      const fact = reads.newestBetween(PREFIX, before)
      if (!fact) return undefined
      const found = tableOf(fact).rate(from, to)
      if (found) return found.rate
      before = fact.subject
    }
    return undefined
  }
}

function readTable({ type, id, at, data }: ReadFact): RateTable {
  const fact = readRateFact({ type, id, at, data: JSON.parse(data) as Fact['data'] }) // As the projection has written it.
  if (fact?.type !== 'rates.used') return rateTable(id, { at, tick: TICK_BEFORE }, {})
  const prices = Object.entries(fact.data.prices).map(([code, { value, bid, ask, observedAt }]) => {
    const [worth, low, high] = [value, bid, ask].map(readRatioText)
    return [code, { value: worth, bid: low, ask: high, observed: { at: observedAt, tick: TICK_BEFORE }, judged: [] }]
  })
  return rateTable(id, { at, tick: TICK_BEFORE }, Object.fromEntries(prices) as Prices)
}
