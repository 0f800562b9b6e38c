import { z } from 'zod'
import type { Exchange } from './exchange.ts'
import { NO_TICKER, readPrice } from './readPrice.ts'

/** `timestamp`: whole seconds since 1970. */
const ticker = z.object({ bid: z.string(), ask: z.string(), timestamp: z.string().regex(/^[0-9]{1,12}$/) })

const SAID_AGE_MS_MAX = 60_000
const SECOND_MS = 1_000

const path = (pair: string) => `/api/v2/ticker/${pair}/` as const

/** Bitstamp's public ticker. */
export const bitstamp: Exchange = {
  name: 'bitstamp',
  url: 'https://www.bitstamp.net',
  saidAgeMsMax: SAID_AGE_MS_MAX,
  markets: {
    BTC: [path('btcusd')],
    ETH: [path('ethusd')],
    EUR: [path('eurusd')],
    USDC: [path('usdcusd')],
    POL: [path('polusd')],
    AVAX: [path('avaxusd')],
  },
  read(json) {
    const { data } = ticker.safeParse(json)
    return data ? readPrice({ bid: data.bid, ask: data.ask, saidAt: Number.parseInt(data.timestamp, 10) * SECOND_MS }) : NO_TICKER
  },
}
