import { EXACT_BELOW, exactly } from './doubles.ts'

/**
 * Amounts as doubles, which are fast and only nearly right: a search goes by them as far as they leave no doubt, and integers decide the rest. Whatever is
 * computed here is made of non-negative numbers by at most 6 operations a try, which each round by 2^-53, with at most 8 tries behind one another: it is
 * wrong by less than 2^-46 of itself.
 */
const DOUBT = 2 ** -42

const PPM = 1_000_000

/** Tries: the chance of each in millionths, F when it pays and L when it does not, in nano-USD. */
export type NearTries = Readonly<{ chance: readonly number[]; success: readonly number[]; failure: readonly number[] }>

export function nearly(exact: bigint): number {
  const quick = exactly(exact)
  return quick < EXACT_BELOW ? quick : Number(exact) // not money: integers decide where this leaves a doubt
}

/** -1 or 1 when it is sure which is smaller, and 0 when it is not. */
export function nearOrder(a: number, b: number): -1 | 0 | 1 {
  const doubt = (a + b) * DOUBT
  return b - a > doubt ? -1 : a - b > doubt ? 1 : 0
}

/** The exact amount rounded up, when it is sure; else NaN. */
export function roundedUpNear(near: number): number {
  const doubt = near * DOUBT
  const least = Math.ceil(near - doubt) // not money: an answer only where the next line has the same
  return least === Math.ceil(near + doubt) ? least : Number.NaN // not money: as above
}

/** What trying the `i`th and then something that costs `behind` is expected to cost. */
export function nearCostBefore({ chance, success, failure }: NearTries, i: number, behind: number): number {
  return (chance[i]! * success[i]! + (PPM - chance[i]!) * (failure[i]! + behind)) / PPM
}
