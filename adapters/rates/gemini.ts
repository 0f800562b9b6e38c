import { z } from 'zod'
import type { Exchange } from './exchange.ts'
import { NO_TICKER, readPrice } from './readPrice.ts'

/** The time within `volume` is that of the volume, and says nothing of the prices. */
const ticker = z.object({ bid: z.string(), ask: z.string() })

const SAID_AGE_MS_MAX = 60_000

const path = (pair: string) => `/v1/pubticker/${pair}` as const

/** Gemini's public ticker. It has no market of the euro. */
export const gemini: Exchange = {
  name: 'gemini',
  url: 'https://api.gemini.com',
  saidAgeMsMax: SAID_AGE_MS_MAX,
  markets: { BTC: [path('btcusd')], ETH: [path('ethusd')], USDC: [path('usdcusd')] },
  read(json) {
    const { data } = ticker.safeParse(json)
    return data ? readPrice(data) : NO_TICKER
  },
}
