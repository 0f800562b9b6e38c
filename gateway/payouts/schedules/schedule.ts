import type { Asset } from '../../money/asset.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money, mulDiv } from '../../money/money.ts'
import { type RailKind, type RailName, railKind } from '../../ports/railName.ts'
import type { Scheme } from '../calendar/schemes.ts'
import type { IsoDate } from '../calendar/wallTime.ts'

/** Millionths, told apart from every other integer: percent and basis points become these where they are read, and nowhere else. */
export type Ppm = bigint & Readonly<{ ppm: true }>

/** When the payee has the money: by the hours of a scheme, or so many seconds later at any hour. */
export type FundsBy = Readonly<{ kind: 'scheme'; scheme: Scheme } | { kind: 'seconds'; seconds: bigint }>

/** One row of a price list, for one span of days. Amounts are `Money` in the row's one asset, so that a cent never reads as a dollar. */
export type ScheduleRow = Readonly<{
  /** The list that it belongs to; each day has at most one row of it. */
  schedule: string
  title: string
  rail: RailKind
  asset: Asset
  /** The first day and the last, both included. */
  from: IsoDate
  until: IsoDate
  source: string
  /** fixed + clamp(rate * amount, min, max). */
  fixed: Money
  rate: Ppm
  rateMin: Money
  rateMax: Money | undefined
  /** What the chain takes beside it; an upper quantile. */
  gas: Money
  /** Costs that `items` payments share. */
  batch: Readonly<{ cost: Money; items: bigint }> | undefined
  /** A conversion that the rail itself makes. */
  conversion: Ppm
  /** How often it comes back after it was good, how much of the amount is then lost, and what that costs beside it. */
  reversal: Readonly<{ chance: Ppm; lost: Ppm; fee: Money }>
  success: Ppm
  fundsBy: FundsBy
  /** The largest amount, where there is one. */
  limit: Money | undefined
}>

/** What a row charges for an amount of its asset: fixed + clamp(rate * amount, min, max), the share rounded up, against the rail. */
export function feeOf(row: ScheduleRow, amount: Money): Money {
  const share = mulDiv(amount.units, row.rate, 1_000_000n, 'up')
  const atLeast = max(share, row.rateMin.units)
  return money(row.asset, row.fixed.units + (row.rateMax ? min(atLeast, row.rateMax.units) : atLeast))
}

/** The row of a list on this day (ms), if one is valid. */
export function rowAt(rows: readonly ScheduleRow[], schedule: string, at: number): ScheduleRow | undefined {
  const day = dayOf(at)
  return rows.find((row) => row.schedule === schedule && row.from <= day && day <= row.until)
}

/** The row of a list that began last, valid or over. */
export function lastBegun(rows: readonly ScheduleRow[], schedule: string, at: number): ScheduleRow | undefined {
  const day = dayOf(at)
  const begun = rows.filter((row) => row.schedule === schedule && row.from <= day)
  return begun.reduce<ScheduleRow | undefined>((last, row) => (last && last.from > row.from ? last : row), undefined)
}

/** The row that a rail is priced by, where a list is set for it or for its kind. */
export function feeListOf(rows: readonly ScheduleRow[], lists: Readonly<Record<string, string>>) {
  return (rail: RailName, at: number): ScheduleRow | undefined => {
    const name = lists[rail] ?? lists[railKind(rail)]
    return name === undefined ? undefined : (rowAt(rows, name, at) ?? lastBegun(rows, name, at))
  }
}

/** The day in UTC: whoever prices by a list prices by it for a whole day everywhere. */
export function dayOf(at: number): IsoDate {
  return new Date(at).toISOString().slice(0, 10)
}
