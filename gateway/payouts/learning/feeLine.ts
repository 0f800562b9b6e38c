import { max, min } from '../../money/integers.ts'

/**
 * What payments of one rail were charged, as a line over their amounts, both in the smallest units of its asset: how many, the means of amounts and fees, and
 * sums of squares and of products about those means, so that no digits are lost; the smallest amount and the largest.
 */
export type FeeLine = Readonly<{ n: number; x: number; y: number; xx: number; xy: number; yy: number; low: number; high: number }>

/**
 * `good`: the fee is `fixed` and a share of the amount, as far as anybody can tell; `thin`: too few to say; `non_linear`: it is something else. The error is
 * the root of the mean square, in basis points of the mean amount.
 */
export type FeeFit = Readonly<{ grade: 'good' | 'thin' | 'non_linear'; count: number; fixed: number; share: number; errorBps: number }>

/** More are no surer, and slower to see that the price has changed: the oldest weigh less then. */
const COUNT_MAX = 400
const THIN_BELOW = 30
/** From so many on a small error is enough; with fewer the share must be known to so much either way, with a chance of 19 in 20. */
const MANY = 200
const ERROR_BPS_MAX = 15
const SHARE_BPS_MAX = 5
const DEVIATIONS = 2
const BPS = 10_000

export const NO_LINE: FeeLine = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0, low: 0, high: 0 }

export function withFee(line: FeeLine, amount: number, fee: number): FeeLine {
  if (line.n === 0) return { n: 1, x: amount, y: fee, xx: 0, xy: 0, yy: 0, low: amount, high: amount }
  const scale = line.n >= COUNT_MAX ? (COUNT_MAX - 1) / line.n : 1
  const before = line.n * scale
  const n = before + 1
  const [dx, dy] = [amount - line.x, fee - line.y]
  const both = before / n
  return {
    n,
    x: line.x + dx / n,
    y: line.y + dy / n,
    xx: line.xx * scale + dx * dx * both,
    xy: line.xy * scale + dx * dy * both,
    yy: line.yy * scale + dy * dy * both,
    low: min(line.low, amount),
    high: max(line.high, amount),
  }
}

/** The same line as if it were of so many. */
export function weighing(line: FeeLine, n: number): FeeLine {
  const scale = line.n === 0 ? 0 : n / line.n
  const { x, y, low, high } = line
  return { n: line.n * scale, x, y, xx: line.xx * scale, xy: line.xy * scale, yy: line.yy * scale, low, high }
}

/** Both together (the parallel form of Welford's sums). */
export function merged(a: FeeLine, b: FeeLine): FeeLine {
  const n = a.n + b.n
  if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a
  const [dx, dy, both] = [b.x - a.x, b.y - a.y, (a.n * b.n) / n]
  return {
    n,
    x: a.x + (dx * b.n) / n,
    y: a.y + (dy * b.n) / n,
    xx: a.xx + b.xx + dx * dx * both,
    xy: a.xy + b.xy + dx * dy * both,
    yy: a.yy + b.yy + dy * dy * both,
    low: min(a.low, b.low),
    high: max(a.high, b.high),
  }
}

/** The line of least squares, and what it is worth. */
export function fitOf({ n, x, y, xx, xy, yy }: FeeLine): FeeFit {
  const share = xx > 0 ? xy / xx : 0
  const squares = max(yy - share * xy, 0)
  const errorBps = n > 0 && x > 0 ? (Math.sqrt(squares / n) / x) * BPS : 0 // not money: how far a line is off
  const doubtBps = n > 2 && xx > 0 ? DEVIATIONS * Math.sqrt(squares / (n - 2) / xx) * BPS : 0 // not money: how far a slope is off
  const isGood = errorBps <= ERROR_BPS_MAX && (n >= MANY || doubtBps <= SHARE_BPS_MAX)
  return { grade: n < THIN_BELOW ? 'thin' : isGood ? 'good' : 'non_linear', count: n, fixed: y - share * x, share, errorBps }
}

/** What an amount is charged by a good line, within the amounts that it was learned from; undefined elsewhere. */
export function feeBy(line: FeeLine, amount: number): number | undefined {
  if (amount < line.low || amount > line.high) return undefined
  const { grade, fixed, share } = fitOf(line)
  return grade === 'good' ? max(fixed + share * amount, 0) : undefined
}
