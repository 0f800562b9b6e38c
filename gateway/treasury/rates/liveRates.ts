import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import type { Rate } from '../../money/rate.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PricedCode, PriceSource } from '../../ports/priceSource.ts'
import type { RateSource, RatesRead } from '../../ports/rates.ts'
import { createKnownPrices } from './knownPrices.ts'
import { createMarkets } from './markets.ts'
import { ageMs, momentOf } from './moment.ts'
import type { RatePolicy } from './policy.ts'
import { createRateMemory, type RateMemory } from './rateMemory.ts'
import { LACK_WORDS, type PriceView, type RatesFace } from './ratesView.ts'
import { createRounds } from './rounds.ts'
import { createTableWriter } from './tableWriter.ts'

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
    /** Says what of the journal is remembered here, where prices that something is priced by are written. Before the books start. */
    remember: (books: Pick<Books, 'submit' | 'remember'>) => void
    /** Once the books have started, and before anything is priced: what was heard is measured by what is remembered, and rounds run by themselves. */
    start: (onFatal: (error: unknown) => void) => void
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

/** Rates of several markets, from memory: whoever asks for one waits for nothing, and is refused where there is none that can be believed. */
export function createLiveRates(o: Parts): LiveRates {
  const { clock, policy } = o
  const markets = createMarkets(o)
  const writer = createTableWriter()
  const kept = createKnownPrices({ ...o, markets, tell: writer.write })
  const stop = new AbortController()
  let memory: RateMemory | undefined
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
    if (found === undefined || ageMs(found.observed, now) > policy.ageMsMax) {
      throw new GatewayError('rate_unavailable', `There is no rate from ${from.code} to ${to.code}: ${kept.lacking(from, to, now)}`)
    }
    return found.rate
  }

  return {
    peek,
    rate(from, to) {
      const found = peek(from, to)
      if (!sameAsset(from, to)) writer.used(kept.table())
      return found
    },
    promiseMsMax(from, to) {
      const isDoubtful = (code: PricedCode) => {
        const view = kept.viewOf(code, momentOf(clock))
        return view.kind === 'live' && (view.offPeg || view.sources.some(({ verdict }) => verdict === 'outlier'))
      }
      return o.codes.some((code) => (code === from.code || code === to.code) && isDoubtful(code)) ? policy.promiseMs : undefined
    },
    round,
    prices,
    problems: () => [...prices().flatMap(problemsOf), ...markets.failing(FAILING_MS).map(failingProblem)],
    remember(books) {
      memory = createRateMemory({ books })
      writer.into(books)
    },
    start(onFatal) {
      invariant(memory, 'rates remember before they start')
      kept.recall(memory)
      writer.again()
      rounds().catch(onFatal)
    },
    async close() {
      stop.abort()
      await running
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
