import { formatAmount } from '../../../money/money.ts'

/** Finer than any asset: sums and shares of decimals of several assets are reckoned in these. */
const FINE = { id: 'dashboard', code: '', scale: 18, ledger: 0 }
const ONE = 10n ** 18n
const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,18}))?$/

/** A decimal of the API in units of 1e-18; undefined for what is none. */
export function unitsOf(decimal: unknown): bigint | undefined {
  const match = typeof decimal === 'string' ? DECIMAL.exec(decimal) : null
  if (!match) return undefined
  const units = BigInt(match[2]! + (match[3] ?? '').padEnd(FINE.scale, '0'))
  return match[1] === '-' ? -units : units
}

export function decimalOf(units: bigint): string {
  return formatAmount({ asset: FINE, units })
}

/** a * b and a / b of such units, rounded down: for pictures and comparisons, never for money that moves. */
export const times = (a: bigint, b: bigint): bigint => (a * b) / ONE
export const over = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a * ONE) / b)

/** To so many places, rounded down. */
export function shortened(units: bigint, places: number): string {
  const cut = 10n ** BigInt(FINE.scale - places)
  return decimalOf((units / cut) * cut)
}

/** How much of `whole` this is, in thousandths. */
export function perMille(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0
  return Number((part * 1_000n) / whole) // not money: a length in a picture
}
