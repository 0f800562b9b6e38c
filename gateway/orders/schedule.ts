import { type Periods, periodAt, periodStart } from '../ledger/calendar/periods.ts'
import type { Schedule } from './facts.ts'

const HOUR_MS = 3_600_000
/** The first Monday of 1970 is the fifth of January, a month with 31 days. */
const FIRST_MONDAY = 5

/** Which slot a time is in. A slot begins with its run and lasts until the next. */
export function slotAt(schedule: Schedule, at: number): number {
  if (schedule.every === 'hour') return Math.floor(at / HOUR_MS) // not money: a count
  return periodAt(periodsOf(schedule), at)
}

/** When a slot begins (ms). */
export function slotStart(schedule: Schedule, slot: number): number {
  if (schedule.every === 'hour') return slot * HOUR_MS
  return periodStart(periodsOf(schedule), slot)
}

/** All slots are counted from January 1970, so that they are the same whenever the order was made. */
function periodsOf({ every, day, hour }: Schedule): Periods {
  const days = { hour: 1, day: 1, week: FIRST_MONDAY + day - 1, month: day }
  return { every: { unit: every === 'hour' ? 'day' : every, count: 1 }, anchor: Date.UTC(1970, 0, days[every], hour) }
}
