import { formatAmount, type Money } from '../money/money.ts'

/** The value with each amount as `{ asset, amount, units }` in decimal strings, so that JSON can hold it. */
export function toPrintable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPrintable)
  if (typeof value !== 'object' || value === null) return value
  if (isMoney(value)) return { asset: value.asset.id, amount: formatAmount(value), units: value.units.toString() }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toPrintable(part)]))
}

function isMoney(value: object): value is Money {
  return 'units' in value && typeof value.units === 'bigint'
}
