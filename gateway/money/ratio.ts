/** An exact positive number: a price as two bigints, without a common divisor. */
export type Ratio = Readonly<{ num: bigint; den: bigint }>

const DECIMAL = /^([0-9]{1,20})(?:\.([0-9]{1,30}))?$/
const PPM = 1_000_000n

/** Reads a decimal such as "97012.50", which a source has said; undefined for what is none, for zero, and for what no price is as long as. */
export function readRatio(text: string): Ratio | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const fraction = match[2] ?? ''
  const num = BigInt(match[1]! + fraction)
  return num === 0n ? undefined : ratio(num, 10n ** BigInt(fraction.length))
}

/** Both are positive. */
export function ratio(num: bigint, den: bigint): Ratio {
  const common = divisor(num, den)
  return { num: num / common, den: den / common }
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b)
}

export function compareRatios(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const [left, right] = [a.num * b.den, b.num * a.den]
  return left < right ? -1 : left > right ? 1 : 0
}

/** a / b. */
export function over(a: Ratio, b: Ratio): Ratio {
  return ratio(a.num * b.den, a.den * b.num)
}

/** Half of the sum. */
export function midOf(a: Ratio, b: Ratio): Ratio {
  return ratio(a.num * b.den + b.num * a.den, 2n * a.den * b.den)
}

/** The one in the middle; with an even number of them half of the sum of the two that are. `all` is not empty. */
export function medianOf(all: readonly Ratio[]): Ratio {
  const sorted = [...all].sort(compareRatios)
  const middle = sorted.length >> 1
  const upper = sorted[middle]!
  return sorted.length % 2 === 1 ? upper : midOf(sorted[middle - 1]!, upper)
}

/** How far `a` is from `b`, in millionths of `b`, rounded up: what is just beyond a limit is beyond it. */
export function ppmApart(a: Ratio, b: Ratio): bigint {
  const difference = a.num * b.den - b.num * a.den
  const [num, den] = [(difference < 0n ? -difference : difference) * PPM, a.den * b.num]
  return (num + den - 1n) / den
}

/** As a decimal of at most so many places, cut off; for people. */
export function showRatio({ num, den }: Ratio, places: number): string {
  const digits = ((num * 10n ** BigInt(places)) / den).toString().padStart(places + 1, '0')
  const cut = digits.length - places
  const fraction = digits.slice(cut).replace(/0+$/, '')
  return `${digits.slice(0, cut)}${fraction ? `.${fraction}` : ''}`
}
