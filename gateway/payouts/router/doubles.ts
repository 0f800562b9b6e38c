/** Whole numbers below this are exact as doubles, and so are sums that stay below it. */
export const EXACT_BELOW = 2 ** 53

const word = new BigInt64Array(1)
const halves = new Uint32Array(word.buffer)

/** A whole number that is not negative, exact as a double; NaN where it is none below 2^53. By its halves: `Number` of a bigint takes three times as long. */
export function exactly(whole: bigint): number {
  word[0] = whole
  const near = halves[1]! * 2 ** 32 + halves[0]!
  return near < EXACT_BELOW && word[0] === whole ? near : Number.NaN
}

/** The other way round, of what `exactly` gives and no NaN. */
export function wholeOf(exact: number): bigint {
  const high = Math.floor(exact / 2 ** 32) // not money: a half of the bits
  halves[1] = high
  halves[0] = exact - high * 2 ** 32
  return word[0]!
}

/** So far products are told apart to the unit, by two doubles each. */
const FACTOR_BELOW = 2 ** 51

/** ceil(a * b / (c * d)) of whole numbers, exact as `ceilDiv` is; NaN where they are too large, or NaN. */
export function ceilMulDiv(a: number, b: number, c: number, d = 1): number {
  const product = a * b
  const quotient = product / (c * d)
  const guess = Math.ceil(quotient) // not money: one off at most
  if (!(a < FACTOR_BELOW && b < FACTOR_BELOW && c < FACTOR_BELOW && guess * d < FACTOR_BELOW)) return Number.NaN
  // Three roundings are less than this; what is further from a whole number is sure.
  const [doubt, short] = [quotient * 2 ** -50, guess - quotient]
  if (short > doubt && short < 1 - doubt) return guess
  const lost = lostBy(a, b, product)
  const over = overBy(guess * d, c, product, lost)
  if (over < 0) return guess + 1
  // Only where it may be as much as the divisor is one less enough.
  return over > c * d * 0.99 && overBy((guess - 1) * d, c, product, lost) >= 0 ? guess - 1 : guess
}

/** By how much a product is more than another, which has lost so much: its sign is exact. */
function overBy(a: number, b: number, product: number, lost: number): number {
  const own = a * b
  return own - product + (lostBy(a, b, own) - lost)
}

/** What a product of doubles has lost by rounding, itself a double (T. J. Dekker, A floating-point technique for extending the available precision, 1971). */
function lostBy(a: number, b: number, product: number): number {
  // 2^27 + 1 parts the bits of each in two halves.
  const [spreadA, spreadB] = [134_217_729 * a, 134_217_729 * b]
  const [upperA, upperB] = [spreadA - (spreadA - a), spreadB - (spreadB - b)]
  const [lowerA, lowerB] = [a - upperA, b - upperB]
  return upperA * upperB - product + upperA * lowerB + lowerA * upperB + lowerA * lowerB
}
