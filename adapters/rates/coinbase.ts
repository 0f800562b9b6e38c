import { z } from 'zod'
import type { Exchange } from './exchange.ts'
import { NO_TICKER, readPrice } from './readPrice.ts'

const ticker = z.object({ bid: z.string(), ask: z.string(), time: z.iso.datetime({ offset: true }) })

/** Its time is that of the last trade, and pairs with few trades are no worse for it. */
const SAID_AGE_MS_MAX = 900_000

const path = (pair: string) => `/products/${pair}/ticker` as const

/** Coinbase Exchange's public ticker. It has no market of the euro with the dollar: bitcoin has one with each. */
export const coinbase: Exchange = {
  name: 'coinbase',
  url: 'https://api.exchange.coinbase.com',
  saidAgeMsMax: SAID_AGE_MS_MAX,
  markets: {
    BTC: [path('BTC-USD')],
    ETH: [path('ETH-USD')],
    EUR: [path('BTC-USD'), path('BTC-EUR')],
    POL: [path('POL-USD')],
    AVAX: [path('AVAX-USD')],
  },
  read(json) {
    const { data } = ticker.safeParse(json)
    return data ? readPrice({ bid: data.bid, ask: data.ask, saidAt: Date.parse(data.time) }) : NO_TICKER
  },
}
