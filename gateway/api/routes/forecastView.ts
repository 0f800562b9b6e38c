import { NANO_USD } from '../../costs/nanoUsd.ts'
import type { NanoUsd } from '../../costs/policy.ts'
import { formatAmount, type Money } from '../../money/money.ts'
import type { ForecastReport } from '../../payouts/forecast/report.ts'
import { snakeKeys } from '../http/views.ts'

type Bounds<Price> = Readonly<{ now: Price; low: Price; middle: Price; high: Price }>

/** Chains first, by their gas; then what other rails take of a payment, in millionths of it. */
export function forecastView({ gas, fees }: ForecastReport) {
  const chains = gas.map(({ foretold, inUsd, rail, asset, seen, grade, graded }) => ({
    rail,
    asset,
    of: 'gas',
    unit: asset,
    seen,
    grade,
    ...(foretold && { foretold: said(foretold, (price: Money) => formatAmount(price)) }),
    ...(inUsd && { foretold_usd: said(inUsd, (nano: NanoUsd) => formatAmount({ asset: NANO_USD, units: nano })) }),
    ...(graded && { graded: snakeKeys(graded) }),
  }))
  const shares = fees.map(({ foretold, rail, asset, seen, grade, graded }) => ({
    rail,
    asset,
    of: 'fee',
    unit: 'ppm',
    seen,
    grade,
    ...(foretold && { foretold: said(foretold, (ppm: number) => `${ppm}`) }),
    ...(graded && { graded: snakeKeys(graded) }),
  }))
  return { object: 'routing_forecast', rails: [...chains, ...shares] }
}

function said<Price>({ now, low, middle, high }: Bounds<Price>, text: (price: Price) => string): Bounds<string> {
  return { now: text(now), low: text(low), middle: text(middle), high: text(high) }
}
