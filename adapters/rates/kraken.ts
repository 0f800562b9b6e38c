import { z } from 'zod'
import type { Exchange } from './exchange.ts'
import { NO_TICKER, readPrice } from './readPrice.ts'

/** `a` and `b`: the best ask and bid, whole lots, lots. */
const best = z.tuple([z.string()], z.string())
const ticker = z.object({
  error: z.array(z.string()),
  result: z.record(z.string(), z.object({ a: best, b: best })).optional(),
})

const SAID_AGE_MS_MAX = 60_000

const path = (pair: string) => `/0/public/Ticker?pair=${pair}` as const

/** Kraken's public ticker. Its errors come with status 200, and it names a pair in its own way, so that one is asked for at a time. It says no time. */
export const kraken: Exchange = {
  name: 'kraken',
  url: 'https://api.kraken.com',
  saidAgeMsMax: SAID_AGE_MS_MAX,
  markets: {
    BTC: [path('XBTUSD')],
    ETH: [path('ETHUSD')],
    EUR: [path('EURUSD')],
    USDC: [path('USDCUSD')],
    POL: [path('POLUSD')],
    AVAX: [path('AVAXUSD')],
  },
  read(json) {
    const { data } = ticker.safeParse(json)
    if (!data) return NO_TICKER
    const [error] = data.error
    if (error !== undefined) return error.startsWith('EQuery:') ? { wrong: error.slice(0, 80) } : { refused: error }
    const [only, ...more] = Object.values(data.result ?? {})
    return only && more.length === 0 ? readPrice({ bid: only.b[0], ask: only.a[0] }) : NO_TICKER
  },
}
