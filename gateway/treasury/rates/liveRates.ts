import { GatewayError } from '../../errors/gatewayError.ts'
import { type Asset, sameAsset, USD } from '../../money/asset.ts'
import type { Rate } from '../../money/rate.ts'
import { ppmApart } from '../../money/ratio.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PricedCode, PriceSource } from '../../ports/priceSource.ts'
import type { RateSource, RatesRead } from '../../ports/rates.ts'
import { accept, type Known, NOTHING_KNOWN } from './accept.ts'
import { combine, type Judged } from './combine.ts'
import { toRateFact } from './facts.ts'
import { createMarkets } from './markets.ts'
import { ageMs, type Moment, momentOf } from './moment.ts'
import type { RatePolicy } from './policy.ts'
import { LACK_WORDS, type PriceView, type RatesFace } from './ratesView.ts'
import { type Prices, type RateTable, rateTable } from './rateTable.ts'
import { createRounds } from './rounds.ts'

/** What is priced wherever the gateway stands. */
export const PRICED: readonly PricedCode[] = ['BTC', 'ETH', 'EUR', 'USDC']

/** A market that has not answered for so long is a problem. */
const FAILING_MS = 300_000

export type LiveRates = RateSource &
  RatesRead &
  RatesFace &
  Readonly<{
    /** Asks the markets, each that is due, and takes what they agree on. Never throws for what a market does. */
    round: () => Promise<void>
    /** From now on rounds run by themselves, and prices that something is priced by are written here. */
    start: (books: Pick<Books, 'submit'>, onFatal: (error: unknown) => void) => void
    close: () => Promise<void>
  }>

type Parts = Readonly<{
  sources: readonly PriceSource[]
  clock: Clock
  ids: Pick<IdSource, 'next'>
  policy: RatePolicy
  /** What is priced. */
  codes: readonly PricedCode[]
}>
type Reason = keyof typeof LACK_WORDS

/** Rates of several markets, from memory: whoever asks for one waits for nothing, and is refused where there is none that can be believed. */
export function createLiveRates(o: Parts): LiveRates {
  const { clock, policy } = o
  const markets = createMarkets(o)
  const kept = createKept({ ...o, markets })
  const stop = new AbortController()
  const writer = createWriter()
  let running: Promise<void> | undefined

  async function askAndTake(): Promise<void> {
    await markets.ask(kept.priceOf, stop.signal)
    kept.take()
    writer.again()
  }

  const round = () => {
    running ??= askAndTake().finally(() => {
      running = undefined
    })
    return running
  }
  const prices = () => o.codes.map((code) => kept.viewOf(code, momentOf(clock)))
  const rounds = createRounds({ round, everyMs: policy.everyMs, clock, stop: stop.signal })

  function peek(from: Asset, to: Asset): Rate {
    if (sameAsset(from, to)) return { from, to, num: 1n, den: 1n, observedAt: clock.now(), source: 'none' }
    const [found, now] = [kept.table().rate(from, to), momentOf(clock)]
    if (found === undefined || ageMs(found.observed, now) > policy.ageMsMax) throw kept.refusal(from, to, now)
    return found.rate
  }

  return {
    peek,
    rate(from, to) {
      const found = peek(from, to)
      if (!sameAsset(from, to)) writer.used(kept.table())
      return found
    },
    round,
    prices,
    problems: () => [...prices().flatMap(problemsOf), ...markets.failing(FAILING_MS).map(failingProblem)],
    start(books, onFatal) {
      writer.into(books)
      rounds().catch(onFatal)
    },
    async close() {
      stop.abort()
      await running
    },
  }
}

/** What is believed of each asset, and the rates that follow from it. */
function createKept({
  clock,
  ids,
  policy,
  codes,
  markets,
}: Omit<Parts, 'sources'> & Readonly<{ markets: ReturnType<typeof createMarkets> }>) {
  const known = new Map<PricedCode, Known>()
  const judged = new Map<PricedCode, readonly Judged[]>()
  const startedAt = momentOf(clock)
  let table = rateTable('rt_none', startedAt, {})
  const of = (code: PricedCode) => known.get(code) ?? NOTHING_KNOWN
  const priceOf = (code: PricedCode) => of(code).price?.value

  /** Why an asset has no price that can be used now. */
  function reasonOf(code: PricedCode, now: Moment): Reason | undefined {
    const { price, lack, shut } = of(code)
    if (shut) return lack?.why ?? 'not_yet'
    return price === undefined || ageMs(price.observed, now) > policy.ageMsMax ? 'too_old' : undefined
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
    /** Takes what the markets said last. */
    take(): void {
      const now = momentOf(clock)
      for (const code of codes) {
        const heard = combine(markets.heard(code, priceOf(code)), { now, policy })
        judged.set(code, heard.judged)
        known.set(code, accept(of(code), heard, { code, now, policy }))
      }
      const prices: Prices = Object.fromEntries(codes.flatMap((code) => (of(code).shut ? [] : [[code, of(code).price]])))
      if (codes.some((code) => prices[code] !== table.prices[code])) table = rateTable(ids.next('rt_'), now, prices)
    },
    refusal(from: Asset, to: Asset, now: Moment): GatewayError {
      const lacking = [from, to].flatMap((asset) => lackOf(asset, now)).join('; ')
      return new GatewayError('rate_unavailable', `There is no rate from ${from.code} to ${to.code}: ${lacking}`)
    },
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

/**
 * Writes each table once, when the first rate of it is read: before whatever is priced by it, because the books take what is submitted in its order. What
 * they could not take is submitted again after the next round.
 */
function createWriter() {
  let books: Pick<Books, 'submit'> | undefined
  let last: RateTable | undefined
  const waiting: RateTable[] = []

  function write(table: RateTable): void {
    if (!books) return void waiting.push(table)
    // Books that can take nothing now are heard of by whoever is priced: a payment is submitted to the same ones.
    books.submit({ facts: [toRateFact(table)] }).then(
      ({ kind }) => kind === 'unknown' && waiting.push(table),
      () => waiting.push(table),
    )
  }

  function again(): void {
    for (const table of waiting.splice(0)) write(table)
  }

  return {
    used(table: RateTable): void {
      if (table === last) return
      last = table
      write(table)
    },
    again,
    into(into: Pick<Books, 'submit'>): void {
      books = into
      again()
    },
  }
}

function problemsOf(view: PriceView) {
  const { code } = view
  if (view.kind === 'unavailable') {
    const detail = `${code}, since ${new Date(view.since).toISOString()}: ${LACK_WORDS[view.why]}. Nothing is priced in it; see GET /v1/rates.`
    return [{ rail: 'rates', what: 'rate_unavailable', detail }]
  }
  if (view.kind === 'fixed') return []
  const left = view.sources.filter(({ verdict }) => verdict === 'outlier' || verdict === 'still')
  return [
    ...(view.offPeg ? [{ rail: 'rates', what: 'off_peg', detail: `${code} is away from a dollar; it is priced as what it is` }] : []),
    ...left.map(({ source, verdict }) => {
      const detail = verdict === 'still' ? 'says the same for long while the others move' : 'is far from the others'
      return { rail: 'rates', what: 'price_source_left_out', detail: `${source} ${detail} for ${code}, and is not counted` }
    }),
  ]
}

function failingProblem({ source, since, fault }: Readonly<{ source: string; since: number; fault: string }>) {
  return { rail: 'rates', what: 'price_source_silent', detail: `${source}, since ${new Date(since).toISOString()}: ${fault}` }
}
