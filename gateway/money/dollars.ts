import { BTC, USD } from './asset.ts'
import { type Money, parseAmount } from './money.ts'
import type { Rate } from './rate.ts'

/** Dollars by a decimal string: `usd('0.002')`. */
export function usd(text: string): Money {
  return parseAmount(text, USD)
}

/** What a bitcoin costs, by a decimal string such as '97000', as a rate from millisatoshi to dollars. `now` in ms. */
export function dollarsPerBitcoin(text: string, now: number = Date.now()): Rate {
  return { from: BTC, to: USD, num: usd(text).units, den: 10n ** BigInt(BTC.scale), observedAt: now, source: 'caller' }
}
