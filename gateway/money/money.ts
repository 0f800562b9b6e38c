import { GroundError } from '../errors/groundError.ts'
import { invariant } from '../errors/invariant.ts'
import { unitsMaxOf } from './amountMax.ts'
import { type Asset, sameAsset } from './asset.ts'

/** An exact amount: `units` counts the smallest unit of `asset`. May be negative only where a difference is meant. */
export type Money = Readonly<{ asset: Asset; units: bigint }>

/** Which way a division that does not come out even goes. The caller says who keeps the remainder. */
export type Rounding = 'down' | 'up'

export function money(asset: Asset, units: bigint): Money {
  return { asset, units }
}

/** The sum of amounts of one asset. */
export function add(a: Money, b: Money): Money {
  invariant(sameAsset(a.asset, b.asset), `cannot add ${a.asset.id} and ${b.asset.id}`)
  return { asset: a.asset, units: a.units + b.units }
}

/** a - b, of one asset; may be negative. */
export function subtract(a: Money, b: Money): Money {
  invariant(sameAsset(a.asset, b.asset), `cannot subtract ${b.asset.id} from ${a.asset.id}`)
  return { asset: a.asset, units: a.units - b.units }
}

/** -1, 0 or 1, for amounts of one asset. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  invariant(sameAsset(a.asset, b.asset), `cannot compare ${a.asset.id} with ${b.asset.id}`)
  return a.units < b.units ? -1 : a.units > b.units ? 1 : 0
}

/** units * numerator / denominator for non-negative values, rounded as named. */
export function mulDiv(units: bigint, numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  invariant(units >= 0n && numerator >= 0n && denominator > 0n, 'mulDiv wants non-negative values and a positive denominator')
  const product = units * numerator
  const quotient = product / denominator
  return rounding === 'up' && product % denominator !== 0n ? quotient + 1n : quotient
}

const DECIMAL = /^(0|[1-9][0-9]{0,19})(?:\.([0-9]{1,30}))?$/

/**
 * Reads a decimal string such as "0.002" as an amount of `asset`, in its smallest units.
 * Refuses what it cannot represent: signs, exponents, blanks, more places than the asset has. Never rounds. Refuses sums that are beyond any real one.
 */
export function parseAmount(text: string, asset: Asset): Money {
  const match = DECIMAL.exec(text)
  if (!match) throw new GroundError('invalid_amount', `"${text.slice(0, 40)}" is not a decimal amount of ${asset.code}`)
  const fraction = match[2] ?? ''
  if (fraction.length > asset.scale && /[1-9]/.test(fraction.slice(asset.scale))) {
    throw new GroundError('invalid_amount', `"${text.slice(0, 40)}" is more precise than ${asset.code} allows (${asset.scale} places)`)
  }
  const units = BigInt(match[1]! + fraction.slice(0, asset.scale).padEnd(asset.scale, '0'))
  const most = unitsMaxOf(asset)
  if (units > most) {
    const limit = showMoney({ asset, units: most })
    throw new GroundError('invalid_amount', `"${text.slice(0, 40)}" is more than any real sum (${limit} at most)`)
  }
  return { asset, units }
}

/** The amount as a decimal string without trailing zeros: "0.002". */
export function formatAmount(amount: Money): string {
  const negative = amount.units < 0n
  const digits = (negative ? -amount.units : amount.units).toString().padStart(amount.asset.scale + 1, '0')
  const cut = digits.length - amount.asset.scale
  const fraction = digits.slice(cut).replace(/0+$/, '')
  return `${negative ? '-' : ''}${digits.slice(0, cut)}${fraction ? `.${fraction}` : ''}`
}

/** "0.002 USD", for people. */
export function showMoney(amount: Money): string {
  return `${formatAmount(amount)} ${amount.asset.code}`
}
