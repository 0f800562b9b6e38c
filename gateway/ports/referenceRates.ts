import type { Ratio } from '../money/ratio.ts'

/** What an authority says of one day (`2026-11-24`): units of each currency for one euro, by ISO 4217. */
export type ReferenceDay = Readonly<{ date: string; perEuro: ReadonlyMap<string, Ratio> }>

/** Rates of an authority, once a day. They are for books, which want one word that anybody can look up, and never for a quote: they are a day old. */
export interface ReferenceRates {
  readonly name: string
  /** The last day that has any, or those of some months. Throws `destination_unreachable` or `destination_forbidden` for what is not an answer. */
  days(which: 'last' | 'months', o: { signal: AbortSignal }): Promise<readonly ReferenceDay[]>
}
