/**
 * Amounts as doubles, which are fast and only nearly right: a search goes by them as far as they leave no doubt, and integers decide the rest. Whatever is
 * computed here is made of non-negative numbers by at most 4 operations a try, which each round by 2^-53, with at most 8 tries behind one another: it is
 * wrong by less than 2^-47 of itself.
 */
const DOUBT = 2 ** -42

export function nearly(exact: bigint): number {
  return Number(exact) // not money: integers decide where this leaves a doubt
}

/** -1 or 1 when it is sure which is smaller, and 0 when it is not. */
export function nearOrder(a: number, b: number): -1 | 0 | 1 {
  const doubt = (a + b) * DOUBT
  return b - a > doubt ? -1 : a - b > doubt ? 1 : 0
}

/** The exact amount rounded up, when it is sure. */
export function roundedUpNear(near: number): bigint | undefined {
  const [least, most] = [Math.ceil(near - near * DOUBT), Math.ceil(near + near * DOUBT)] // not money: equal only where the amount has one answer
  return least === most ? BigInt(most) : undefined
}
