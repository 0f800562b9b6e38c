import { isGatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import { compareRatios, ppmApart, type Ratio } from '../../money/ratio.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PricedCode, PriceSource, SourcePrice } from '../../ports/priceSource.ts'
import type { Heard, Judged } from './combine.ts'
import { ageMs, lastedMs, type Moment, momentOf } from './moment.ts'
import type { RatePolicy } from './policy.ts'
import type { SourceView } from './ratesView.ts'

/** A market that does not answer is asked half as often each time, and at least so often. */
const BACK_OFF_MS_MAX = 300_000
const DOUBLINGS_MAX = 10
/** A whole round of one market: what it has not said by then is not waited for. */
const TURN_MS_MAX = 8_000

type Word = SourcePrice & Readonly<{ heard: Moment; since: Moment; priceThen: Ratio | undefined }>
type Market = Readonly<{ source: PriceSource; words: Map<PricedCode, Word>; faults: Map<PricedCode, string> }> & {
  fault: string | undefined
  failures: number
  failingSince: Moment | undefined
  /** By what only goes on: a clock that was set back must not silence it. */
  notBeforeTick: number
}

type Parts = Readonly<{ sources: readonly PriceSource[]; clock: Clock; policy: RatePolicy; codes: readonly PricedCode[] }>

/** The price that is believed of a code, where there is one. */
type PriceOf = (code: PricedCode) => Ratio | undefined

/** Asks every market, each for one thing at a time; and keeps what they said last. */
export function createMarkets({ sources, clock, policy, codes }: Parts) {
  const markets = sources.map((source): Market => {
    return { source, words: new Map(), faults: new Map(), fault: undefined, failures: 0, failingSince: undefined, notBeforeTick: 0 }
  })

  function hear({ words, faults }: Market, code: PricedCode, said: SourcePrice, price: Ratio | undefined): void {
    const heard = momentOf(clock)
    const before = words.get(code)
    const same = before && compareRatios(before.bid, said.bid) === 0 && compareRatios(before.ask, said.ask) === 0
    const first = same ? { since: before.since, priceThen: before.priceThen ?? price } : { since: heard, priceThen: price }
    words.set(code, { ...said, heard, ...first })
    faults.delete(code)
  }

  /** One that fails as a whole is left alone for a while; one whose answer is no price is asked for the rest. */
  async function askOne(market: Market, priceOf: PriceOf, stop: AbortSignal): Promise<void> {
    const { source, faults } = market
    const signal = AbortSignal.any([stop, AbortSignal.timeout(TURN_MS_MAX)])
    try {
      for (const code of source.codes.filter((one) => codes.includes(one))) {
        const said = await source.price(code, { signal })
        if ('wrong' in said) faults.set(code, said.wrong)
        else hear(market, code, said, priceOf(code))
      }
      market.failures = 0
      market.fault = undefined
    } catch (error) {
      if (!isGatewayError(error)) throw error
      const now = momentOf(clock)
      if (market.failures === 0) market.failingSince = now
      market.failures = min(market.failures + 1, DOUBLINGS_MAX)
      market.fault = error.shortMessage
      market.notBeforeTick = now.tick + min(policy.everyMs * 2 ** market.failures, BACK_OFF_MS_MAX)
    }
  }

  return {
    /** Resolves when all that are due have answered or failed. */
    async ask(priceOf: PriceOf, stop: AbortSignal): Promise<void> {
      const { tick } = momentOf(clock)
      await Promise.all(markets.filter(({ notBeforeTick }) => notBeforeTick <= tick).map((market) => askOne(market, priceOf, stop)))
    },
    heard(code: PricedCode, price: Ratio | undefined): Heard[] {
      const now = momentOf(clock)
      return markets.flatMap(({ source, words }) => {
        const word = words.get(code)
        if (!word) return []
        const { since, priceThen, ...said } = word
        const moved = price !== undefined && priceThen !== undefined && ppmApart(price, priceThen) > policy.stillMovedPpm
        return [{ saidAgeMsMax: source.saidAgeMsMax, ...said, source: source.name, still: moved && lastedMs(since, now) >= policy.stillMs }]
      })
    },
    views(code: PricedCode, judged: readonly Judged[]): SourceView[] {
      return markets.filter(({ source }) => source.codes.includes(code)).map((market) => viewOf(market, code, judged))
    },
    /** Those that have not answered for so long. */
    failing(forMs: number): { source: string; since: number; fault: string }[] {
      const now = momentOf(clock)
      return markets.flatMap(({ source: { name: source }, fault, failingSince: since }) =>
        fault !== undefined && since && ageMs(since, now) >= forMs ? [{ source, since: since.at, fault }] : [],
      )
    },
  }
}

function viewOf({ source, words, faults, fault }: Market, code: PricedCode, judged: readonly Judged[]): SourceView {
  const word = words.get(code)
  const wrong = fault ?? faults.get(code)
  const verdict = judged.find((one) => one.source === source.name)?.verdict ?? (wrong === undefined ? 'not_asked' : 'failed')
  const said = word && { bid: word.bid, ask: word.ask, heardAt: word.heard.at, saidAt: word.saidAt }
  return { source: source.name, verdict, said, fault: wrong }
}
