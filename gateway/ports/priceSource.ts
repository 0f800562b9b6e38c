import type { Ratio } from '../money/ratio.ts'

/** What is priced, by its code: dollars for one whole unit of it. */
export type PricedCode = 'BTC' | 'ETH' | 'EUR' | 'USDC' | 'POL' | 'AVAX'

/**
 * Best prices of one market: what is paid there for one whole unit, and what one costs. `saidAt`: the source's own time in ms, where it says one;
 * `saidAgeMsMax`: how old that may be, where this price has a limit of its own.
 */
export type SourcePrice = Readonly<{ bid: Ratio; ask: Ratio; saidAt: number | undefined; saidAgeMsMax?: number }>

/** A market whose prices are public. It is asked for one thing at a time. */
export interface PriceSource {
  readonly name: string
  /** What it has a price of. */
  readonly codes: readonly PricedCode[]
  /** How old its own time may be, in ms: some say when they answer, others when somebody last traded. */
  readonly saidAgeMsMax: number
  /** `wrong`: it answers, and what it says is no price. Throws `destination_unreachable` or `destination_forbidden` when it does not answer as it should. */
  price(code: PricedCode, o: { signal: AbortSignal }): Promise<SourcePrice | Readonly<{ wrong: string }>>
}
