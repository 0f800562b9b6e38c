import { type Asset, sameAsset } from '../money/asset.ts'
import { type Money, mulDiv, type Rounding } from '../money/money.ts'
import type { Rate } from '../money/rate.ts'
import type { RateSource } from '../ports/rates.ts'
import type { NanoUsd } from './policy.ts'

const NANO_SCALE = 9

/** Prices for one decision: each pair is asked for once, so that all candidates are judged by the same rates, which the record names. */
export type Valuer = Readonly<{
  /** Undefined for one asset. Throws `rate_unavailable` when the rate is missing or too old. */
  rate(from: Asset, to: Asset): Rate | undefined
  nano(amount: Money, rounding: Rounding): NanoUsd
  /** The most of an asset that is worth no more. */
  worth(nano: NanoUsd, asset: Asset): bigint
  used(): readonly Rate[]
}>

export function createValuer(rates: RateSource, usd: Asset): Valuer {
  const used = new Map<string, Rate>()
  const nanoPerUnit = 10n ** BigInt(NANO_SCALE - usd.scale)

  function rate(from: Asset, to: Asset): Rate | undefined {
    if (sameAsset(from, to)) return undefined
    const key = `${from.id}|${to.id}`
    const found = used.get(key) ?? rates.rate(from, to)
    used.set(key, found)
    return found
  }

  return {
    rate,
    nano(amount, rounding) {
      if (amount.units === 0n) return 0n
      const toUsd = rate(amount.asset, usd)
      return toUsd ? mulDiv(amount.units, toUsd.num * nanoPerUnit, toUsd.den, rounding) : amount.units * nanoPerUnit
    },
    worth(nano, asset) {
      const toUsd = rate(asset, usd)
      return toUsd ? mulDiv(nano, toUsd.den, toUsd.num * nanoPerUnit, 'down') : nano / nanoPerUnit
    },
    used: () => [...used.values()],
  }
}
