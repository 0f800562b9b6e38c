import { invariant } from '../errors/invariant.ts'
import { type Asset, sameAsset } from './asset.ts'
import { type Money, mulDiv, type Rounding } from './money.ts'

/** A rate as two bigints and a time: `num` smallest units of `to` for `den` smallest units of `from`, as `source` said at `observedAt` (ms). */
export type Rate = Readonly<{ from: Asset; to: Asset; num: bigint; den: bigint; observedAt: number; source: string }>

/** `amount` in the rate's other asset. Rounded up when it is taken from a payer, down when it is given: the fx account keeps the rest. */
export function convert(amount: Money, rate: Rate, rounding: Rounding): Money {
  invariant(sameAsset(amount.asset, rate.from), `the rate is from ${rate.from.id}, the amount is in ${amount.asset.id}`)
  return { asset: rate.to, units: mulDiv(amount.units, rate.num, rate.den, rounding) }
}

/** The same rate read backwards. */
export function invert(rate: Rate): Rate {
  return { ...rate, from: rate.to, to: rate.from, num: rate.den, den: rate.num }
}
