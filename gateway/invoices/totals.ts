import { USD } from '../money/asset.ts'
import { floorDiv } from '../money/integers.ts'
import { type Money, money, parseAmount } from '../money/money.ts'
import type { LineData, TaxCategory } from './facts.ts'

const QUANTITY_PLACES = 4
const RATE_PLACES = 2
/** An invoice counts in cents, an intent in millionths. */
const UNITS_OF_CENT = 10_000n
/** A per cent of two places: so many are the whole. */
const RATE_WHOLE = 10_000n

/** One category at one rate: what is taxed, and the tax on the sum of it. `rate` is in hundredths of a per cent; amounts are in cents. */
type TaxSum = Readonly<{ category: TaxCategory; rate: bigint; base: bigint; tax: bigint }>

/** In cents: what each line is without tax, and the sums. */
export type Totals = Readonly<{ lines: readonly bigint[]; taxes: readonly TaxSum[]; net: bigint; tax: bigint; total: bigint }>

/**
 * The sums of EN 16931: a line is quantity times price, rounded to cents (BT-131); a tax is its rate of the sum of its lines, rounded to cents (BR-CO-17); a
 * total is a sum of what is rounded already. Half a cent is rounded up, so nothing else is left over.
 */
export function totalsOf(lines: readonly LineData[]): Totals {
  const nets = lines.map(netOf)
  const bases = new Map<string, Omit<TaxSum, 'tax'>>()
  for (const [i, { tax }] of lines.entries()) {
    const rate = scaled(tax.rate, RATE_PLACES)
    const key = `${tax.category} ${rate}`
    bases.set(key, { category: tax.category, rate, base: (bases.get(key)?.base ?? 0n) + nets[i]! })
  }
  const taxes = [...bases.values()].map(({ category, rate, base }) => ({ category, rate, base, tax: halfUp(base * rate, RATE_WHOLE) }))
  const net = sum(nets)
  const tax = sum(taxes.map((one) => one.tax))
  return { lines: nets, taxes, net, tax, total: net + tax }
}

function netOf({ quantity, unitPrice }: LineData): bigint {
  const units = scaled(quantity, QUANTITY_PLACES) * parseAmount(unitPrice, USD).units
  return halfUp(units, 10n ** BigInt(QUANTITY_PLACES) * UNITS_OF_CENT)
}

/** A decimal string of at most so many places, as its schema has it, in the smallest of them. */
export function scaled(text: string, places: number): bigint {
  const [whole = '', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(places, '0'))
}

const sum = (all: readonly bigint[]) => all.reduce((a, b) => a + b, 0n)
const halfUp = (a: bigint, b: bigint) => floorDiv(2n * a + b, 2n * b)

export function moneyOfCents(cents: bigint): Money {
  return money(USD, cents * UNITS_OF_CENT)
}

/** "12.00": with both places, as documents have it; also a rate in per cent. */
export function twoPlaces(hundredths: bigint): string {
  const digits = hundredths.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
