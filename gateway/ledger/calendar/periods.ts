import { invariant } from '../../errors/invariant.ts'

/** The units that a period may be counted in. */
export const PERIOD_UNITS = ['day', 'week', 'month', 'year'] as const
export type PeriodUnit = (typeof PERIOD_UNITS)[number]

/** Every `count` of `unit`: `{ unit: 'month', count: 3 }` is each quarter. */
type Every = Readonly<{ unit: PeriodUnit; count: number }>

/** Periods that follow each other without a gap; the first begins at `anchor`, in milliseconds since 1970. */
export type Periods = Readonly<{ every: Every; anchor: number }>

/** Days as others count them too, from the first of 1970 at midnight. */
export const UTC_DAYS: Periods = { every: { unit: 'day', count: 1 }, anchor: 0 }

/** How many of a unit one period may be: about three years of days, and a human life of years. */
export const PERIOD_COUNT_MAX: Readonly<Record<PeriodUnit, number>> = { day: 1_096, week: 260, month: 120, year: 100 }

const DAY_MS = 86_400_000

/**
 * When period `index` begins (0 is the first); it ends when the next begins. Counted from the anchor each time, never from the period before: who begins on
 * the 31st pays on 28 February, or the 29th in a leap year, and on 31 March again. A day that a month does not have is its last one; the time of the day is
 * the anchor's, in UTC.
 */
export function periodStart({ every, anchor }: Periods, index: number): number {
  invariant(Number.isSafeInteger(index) && index >= 0, 'periods are counted from 0') // not money: a count
  const steps = every.count * index
  if (every.unit === 'day') return anchor + steps * DAY_MS
  if (every.unit === 'week') return anchor + steps * 7 * DAY_MS
  return monthsLater(anchor, every.unit === 'month' ? steps : steps * 12)
}

/** The index of the period that `at` is in, its begin included and its end not; -1 before the first. The work does not grow with the time between. */
export function periodAt(periods: Periods, at: number): number {
  const { every, anchor } = periods
  if (at < anchor) return -1
  if (every.unit === 'day' || every.unit === 'week') return Math.floor((at - anchor) / (periodStart(periods, 1) - anchor)) // not money: a count
  const between = monthOf(at) - monthOf(anchor)
  const guess = Math.floor(between / (every.unit === 'month' ? every.count : every.count * 12)) // not money: a count
  // The month fits, its day may not have come yet.
  return periodStart(periods, guess) <= at ? guess : guess - 1
}

/** Months since the year 0, to count between two times. */
function monthOf(at: number): number {
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function monthsLater(anchor: number, months: number): number {
  const from = new Date(anchor)
  const first = new Date(anchor)
  // To the first of the month before it is moved, so that no day is carried into the next one.
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(from.getUTCDate(), lastDay)) // not money: a day
  return first.getTime()
}
