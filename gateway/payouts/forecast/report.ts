import type { NanoUsd } from '../../costs/policy.ts'
import { type Money, money } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import type { createGasWatch } from './gasWatch.ts'
import { EACH_MINUTE, EACH_PAYMENT, type Forecast, forecastOf, type Tape, type TapeKind } from './tape.ts'

const PPM = 1_000_000
/** Graded by fewer prices a forecast is thin, and one whose bounds were missed so much more or less often than they say is off. */
const THIN_BELOW = 200
const OFF_BY = 0.05
/** A price that stands still is within every bound: where the mean error is no more than this there is nothing to be off by. */
const STILL = 0.001
/** Nine of ten, and one of ten: as `SHARES` has them. */
const [LOW, MIDDLE, HIGH] = [0, 1, 2]

/** How forecasts met what came: shares of prices within each bound, and the mean error (pinball, relative) beside that of the last price as a forecast. */
type Graded = Readonly<{
  prices: number
  lowPpm: number
  middlePpm: number
  highPpm: number
  errorPpm: number
  errorOfLastPpm: number
}>
type Grade = 'new' | 'thin' | 'good' | 'off'
type Row<Price> = Readonly<{
  rail: string
  asset: string
  /** Prices that were seen since the tape began. */
  seen: number
  grade: Grade
  foretold?: Readonly<{ now: Price; low: Price; middle: Price; high: Price }>
  graded?: Graded
}>

/** What the next hour costs: gas of one payment by chain, in its asset and in dollars where there is a rate, and what other rails take, in millionths. */
type GasForecast = Row<Money> & Readonly<{ inUsd?: Readonly<{ now: NanoUsd; low: NanoUsd; middle: NanoUsd; high: NanoUsd }> }>
export type ForecastReport = Readonly<{ gas: readonly GasForecast[]; fees: readonly Row<number>[] }>

type Sources = Readonly<{
  gas: ReturnType<ReturnType<typeof createGasWatch>['tapes']>
  /** By rail and asset, with a space between them. */
  fees: Iterable<readonly [string, Tape]>
  /** Undefined where there is no rate. */
  nano: (amount: Money) => NanoUsd | undefined
}>

export function forecastReport({ gas, fees, nano }: Sources): ForecastReport {
  return {
    gas: gas.map(({ rail, asset, tape }) => {
      const row = rowOf(tape, { rail, asset: asset.code, kind: EACH_MINUTE, price: (units) => money(asset, BigInt(whole(units))) })
      return { ...row, ...dollars(row, nano) }
    }),
    fees: [...fees].map(([key, tape]) => {
      const [rail, asset] = key.split(' ') as [RailName, string] // As `railKey` wrote it.
      return rowOf(tape, { rail, asset, kind: EACH_PAYMENT, price: whole })
    }),
  }
}

type Of<Price> = Readonly<{ rail: string; asset: string; kind: TapeKind; price: (number: number) => Price }>

function rowOf<Price>(tape: Tape, { rail, asset, kind, price }: Of<Price>): Row<Price> {
  const forecast = forecastOf(tape, kind)
  if (!forecast) return { rail, asset, seen: tape.seen, grade: 'new' }
  const [low, middle, high] = forecast.bounds.map(price) as [Price, Price, Price] // One of each share.
  const foretold = { now: price(forecast.now), low, middle, high }
  return {
    rail,
    asset,
    seen: tape.seen,
    grade: gradeOf(forecast),
    foretold,
    ...(forecast.grade.prices > 0 && { graded: graded(forecast) }),
  }
}

function gradeOf({ grade: { prices, within, loss } }: Forecast): Grade {
  if (prices < THIN_BELOW) return 'thin'
  if (loss / prices <= STILL) return 'good'
  const isOff = (place: number, share: number) => Math.abs(within[place]! / prices - share) > OFF_BY // not money: shares
  return isOff(LOW, 0.1) || isOff(HIGH, 0.9) ? 'off' : 'good'
}

function graded({ grade: { prices, within, loss, lossOfLast } }: Forecast): Graded {
  const share = (sum: number) => whole((sum / prices) * PPM)
  const [lowPpm, middlePpm, highPpm] = [share(within[LOW]!), share(within[MIDDLE]!), share(within[HIGH]!)]
  return { prices: whole(prices), lowPpm, middlePpm, highPpm, errorPpm: share(loss), errorOfLastPpm: share(lossOfLast) }
}

function dollars({ foretold }: Row<Money>, nano: Sources['nano']): Pick<GasForecast, 'inUsd'> {
  if (!foretold) return {}
  const { now, low, middle, high } = foretold
  const [a, b, c, d] = [nano(now), nano(low), nano(middle), nano(high)]
  return a === undefined || b === undefined || c === undefined || d === undefined ? {} : { inUsd: { now: a, low: b, middle: c, high: d } }
}

function whole(number: number): number {
  return Math.round(number) // not money: what is expected, or a share
}
