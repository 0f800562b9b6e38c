import { type Asset, USD } from '../../money/asset.ts'
import { ppmApart } from '../../money/ratio.ts'
import type { Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import { accept, type Known, NOTHING_KNOWN } from './accept.ts'
import { combine, type Judged } from './combine.ts'
import { toPegFact } from './facts.ts'
import type { createMarkets } from './markets.ts'
import { ageMs, type Moment, momentOf } from './moment.ts'
import type { RatePolicy } from './policy.ts'
import type { RateMemory } from './rateMemory.ts'
import { LACK_WORDS, type PriceView } from './ratesView.ts'
import { type Prices, rateTable } from './rateTable.ts'

type Reason = keyof typeof LACK_WORDS
type Parts = Readonly<{
  clock: Clock
  ids: Pick<IdSource, 'next'>
  policy: RatePolicy
  codes: readonly PricedCode[]
  markets: Pick<ReturnType<typeof createMarkets>, 'heard' | 'views'>
  /** What must be durable: a coin that has lost its dollar, or has it again. */
  tell: (fact: Fact) => void
}>

/** What is believed of each asset, and the rates that follow from it. */
export function createKnownPrices({ clock, ids, policy, codes, markets, tell }: Parts) {
  const known = new Map<PricedCode, Known>()
  const judged = new Map<PricedCode, readonly Judged[]>()
  const startedAt = momentOf(clock)
  let table = rateTable('rt_none', startedAt, {})
  /** Before the journal was read nobody knows whether a coin that is none is news. */
  let isRecalled = false
  const of = (code: PricedCode) => known.get(code) ?? NOTHING_KNOWN
  const priceOf = (code: PricedCode) => of(code).price?.value

  /** Why an asset has no price that can be used now. */
  function reasonOf(code: PricedCode, now: Moment): Reason | undefined {
    const { price, lack, shut } = of(code)
    if (shut) return lack?.why ?? 'not_yet'
    return price === undefined || ageMs(price.observed, now) > policy.ageMsMax ? 'too_old' : undefined
  }

  function takeOne(code: PricedCode, now: Moment): void {
    const heard = combine(markets.heard(code, priceOf(code)), { now, policy })
    judged.set(code, heard.judged)
    const [before, after] = [of(code), accept(of(code), heard, { code, now, policy })]
    known.set(code, after)
    if (!isRecalled || !before.broken === !after.broken) return
    const value = heard.kind === 'price' ? heard.value : undefined
    tell(toPegFact(after.broken ? 'rates.broken' : 'rates.mended', { code, at: now.at, value }))
  }

  /** Takes what the markets said last. */
  function take(): void {
    const now = momentOf(clock)
    for (const code of codes) takeOne(code, now)
    const prices: Prices = Object.fromEntries(codes.flatMap((code) => (of(code).shut ? [] : [[code, of(code).price]])))
    if (codes.some((code) => prices[code] !== table.prices[code])) table = rateTable(ids.next('rt_'), now, prices)
  }

  function lackOf({ id, code }: Asset, now: Moment): string[] {
    if (id === USD.id) return []
    const priced = codes.find((one) => one === code)
    if (priced === undefined) return [`of ${code} no price is known`]
    const reason = reasonOf(priced, now)
    return reason === undefined ? [] : [`of ${code}, ${LACK_WORDS[reason]}`]
  }

  return {
    table: () => table,
    priceOf,
    take,
    /** From what a gateway before this one knew, what the markets said last is taken anew. */
    recall(memory: RateMemory): void {
      for (const code of codes) known.set(code, memory.known(code))
      isRecalled = true
      take()
    },
    /** What is missing for a rate of these two, in words. */
    lacking: (from: Asset, to: Asset, now: Moment) => [from, to].flatMap((asset) => lackOf(asset, now)).join('; '),
    viewOf(code: PricedCode, now: Moment): PriceView {
      const { price, lack } = of(code)
      const why = reasonOf(code, now)
      const sources = markets.views(code, judged.get(code) ?? [])
      if (why !== undefined || price === undefined) {
        return { code, kind: 'unavailable', why: why ?? 'not_yet', since: lack?.since ?? price?.observed.at ?? startedAt.at, sources }
      }
      const { codes, toldPpm } = policy.peg
      const offPeg = codes.includes(code) && ppmApart(price.value, { num: 1n, den: 1n }) > toldPpm
      return { code, kind: 'live', price, table: table.id, offPeg, sources }
    },
  }
}
