import type { Ratio } from '../../money/ratio.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import type { Lack, Price } from './accept.ts'
import type { Verdict } from './combine.ts'

/** A market as a person sees it: what it said last, what became of that, and what was wrong when it was asked last. */
export type SourceView = Readonly<{
  source: string
  verdict: Verdict | 'failed' | 'not_asked'
  said: Readonly<{ bid: Ratio; ask: Ratio; heardAt: number; saidAt: number | undefined }> | undefined
  fault: string | undefined
}>

/**
 * What is known of the price of an asset, in dollars for one whole unit. `fixed`: as configured, for ever. `table`: the prices that rates of now are made of.
 * `offPeg`: a coin of one dollar that has moved away from it, and is still used.
 */
export type PriceView = Readonly<{ code: PricedCode }> &
  (
    | Readonly<{ kind: 'fixed'; value: Ratio }>
    | Readonly<{ kind: 'live'; price: Price; table: string; offPeg: boolean; sources: readonly SourceView[] }>
    | Readonly<{ kind: 'unavailable'; why: Lack | 'not_yet' | 'too_old'; since: number; sources: readonly SourceView[] }>
  )

/** What assets are worth, to be looked at. */
export type RatesFace = Readonly<{
  prices: () => readonly PriceView[]
  problems: () => readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>

export const LACK_WORDS: Readonly<Record<Lack | 'not_yet' | 'too_old', string>> = {
  not_yet: 'no market has been heard yet',
  too_few: 'too few markets answer',
  too_old: 'its last price is too old',
  apart: 'the markets do not agree',
  jump: 'its price went too far at once, and the next round must confirm it',
  off_peg: 'it is, or was in the last six hours, too far from the dollar that it stands for',
}
