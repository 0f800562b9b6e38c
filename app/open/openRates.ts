import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { bitstamp } from '../../adapters/rates/bitstamp.ts'
import { coinbase } from '../../adapters/rates/coinbase.ts'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { type Exchange, openExchange } from '../../adapters/rates/exchange.ts'
import { gemini } from '../../adapters/rates/gemini.ts'
import { kraken } from '../../adapters/rates/kraken.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { type Asset, AVAX, BTC, ETH, EUR, GBP, POL, USD } from '../../gateway/money/asset.ts'
import { readRatio, showRatio } from '../../gateway/money/ratio.ts'
import type { Clock, IdSource } from '../../gateway/ports/clock.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import { createValuation, type Valuation } from '../../gateway/treasury/positions/valuation.ts'
import { createLiveRates, type LiveRates, PRICED } from '../../gateway/treasury/rates/liveRates.ts'
import { ratePolicy } from '../../gateway/treasury/rates/policy.ts'
import { LACK_WORDS, type PriceView, type RatesFace } from '../../gateway/treasury/rates/ratesView.ts'
import type { ReferenceBook } from '../../gateway/treasury/rates/referenceBook.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { CoinChain } from '../config/gasCoins.ts'
import type { PriceSourceName, RatesConfig } from '../config/ratesConfig.ts'
import { otherCoins } from './assetTable.ts'
import { type FeedChain, openFeeds } from './openFeeds.ts'
import { openReference } from './openReference.ts'

/** `live`: who asks exchanges, where any are asked; `reference`: who asks for the rates of books, likewise. */
export type OpenedRates = RatesFace &
  Readonly<{ rates: Rates; live: LiveRates | undefined; reference: ReferenceBook | undefined; valuation: Valuation }>

type ChainsOf = Readonly<{ evm: readonly (CoinChain & FeedChain)[] }>
type Parts = Readonly<{ clock: Clock; ids: Pick<IdSource, 'next'>; tokens: readonly Asset[] }>

const EXCHANGES: Readonly<Record<PriceSourceName, Exchange>> = { kraken, coinbase, bitstamp, gemini }
const REPORTING: Readonly<Record<GatewayConfig['reportingCurrency'], Asset>> = { USD, EUR, GBP }
const PLACES_SHOWN = 6

/** Rates of exchanges, which nobody has asked yet, or those of the configuration. */
export function openRates(config: GatewayConfig, o: Parts): OpenedRates {
  const { network, prices, rates } = config
  const currency = REPORTING[config.reportingCurrency]
  if (rates) {
    const live = openLiveRates(rates, { ...o, network, evm: config.evm })
    const reference = openReference(config, o.clock)
    const problems = () => [...live.problems(), ...(reference?.problems() ?? [])]
    return {
      rates: live,
      live,
      reference,
      prices: live.prices,
      problems,
      valuation: createValuation({ market: live, currency, reference }),
    }
  }
  invariant(prices, 'a configuration without prices and rates was not refused')
  const named = [
    { asset: BTC, usd: prices.BTC },
    { asset: EUR, usd: prices.EUR },
    { asset: ETH, usd: prices.ETH },
    { asset: POL, usd: prices.POL },
    { asset: AVAX, usd: prices.AVAX },
  ]
  const fixed = [...PRICED, ...otherCoins(config)].flatMap((code): PriceView[] => {
    const value = readRatio(prices[code] ?? '')
    return value ? [{ code, kind: 'fixed', value }] : []
  })
  const priced = named.flatMap(({ asset, usd }) => (usd === undefined ? [] : [{ asset, usd }]))
  const all = [...priced, ...o.tokens.map((asset) => ({ asset, usd: prices.USDC }))]
  const market = configuredRates(all, o.clock)
  const valuation = createValuation({ market, currency, reference: undefined })
  return { rates: market, live: undefined, reference: undefined, prices: () => fixed, problems: () => [], valuation }
}

/** Only where the operator says so are exchanges asked elsewhere; a private place is for a local network. */
export function openLiveRates(
  { sources, urls = {}, everyS, ageS, chainlink }: RatesConfig,
  { clock, ids, network, evm }: Pick<Parts, 'clock' | 'ids'> & Pick<GatewayConfig, 'network'> & ChainsOf,
): LiveRates {
  const localHosts = network === 'local' ? Object.values(urls).flatMap((url) => (url === undefined ? [] : [new URL(url).host])) : []
  // An exchange answers where it is asked; who sends its clients elsewhere is not it.
  const http = openPublicHttp({ localHosts, redirectsMax: 0 })
  const opened = sources.map((name) => openExchange(EXCHANGES[name], { http, url: urls[name] }))
  const feeds = openFeeds(chainlink, { evm, clock })
  const live = createLiveRates({
    sources: feeds ? [...opened, feeds.source] : opened,
    clock,
    ids,
    codes: [...PRICED, ...otherCoins({ evm })],
    policy: ratePolicy({ everyS, ageS }),
  })
  return {
    ...live,
    async close() {
      await live.close()
      feeds?.close()
    },
  }
}

/** One line for whoever starts a gateway or looks at its configuration. */
export function priceText(view: PriceView): string {
  if (view.kind === 'unavailable') return `${view.code}: ${LACK_WORDS[view.why]}`
  if (view.kind === 'fixed') return `${view.code} ${showRatio(view.value, PLACES_SHOWN)} USD, as configured`
  const used = view.sources.filter(({ verdict }) => verdict === 'used').length
  return `${view.code} ${showRatio(view.price.value, PLACES_SHOWN)} USD, by ${used} of ${view.sources.length} exchanges`
}
