import { type IsoDate, plusDays } from './wallTime.ts'

/** Whose days: the Reserve Banks', TARGET's, those on which both settle, or all. */
export type Calendar = 'fed' | 'target' | 'fed_and_target' | 'every_day'

/** A search for a day ends long before this: the longest closure is five days (Easter, for TARGET). */
const SEARCH_DAYS_MAX = 10

/** Easter Sunday of a Gregorian year (Meeus, Jones and Butcher). */
function easterSunday(year: number): IsoDate {
  const div = (a: number, b: number) => (a - (a % b)) / b
  const a = year % 19
  const b = div(year, 100)
  const c = year % 100
  const h = (19 * a + b - div(b, 4) - div(b - div(b + 8, 25) + 1, 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * div(c, 4) - h - (c % 4)) % 7
  const m = div(a + 11 * h + 22 * l, 451)
  const n = h + l - 7 * m + 114
  return dateOf(year, div(n, 31), (n % 31) + 1)
}

/** True when it settles on this date. */
export function isBankDay(calendar: Calendar, date: IsoDate): boolean {
  if (calendar === 'every_day') return true
  if (isWeekend(date)) return false
  if (calendar === 'fed') return !isFedHoliday(date)
  if (calendar === 'target') return !isTargetHoliday(date)
  return !isFedHoliday(date) && !isTargetHoliday(date)
}

/** The first day of the calendar on or after `date`. */
export function bankDayFrom(calendar: Calendar, date: IsoDate): IsoDate {
  for (let days = 0; days < SEARCH_DAYS_MAX; days += 1) {
    const day = plusDays(date, days)
    if (isBankDay(calendar, day)) return day
  }
  throw new Error(`invariant broken: no day of ${calendar} within ${SEARCH_DAYS_MAX} days of ${date}`)
}

/** The calendar's day so many days of it after `date`. */
export function bankDaysAfter(calendar: Calendar, date: IsoDate, days: number): IsoDate {
  let day = date
  for (let i = 0; i < days; i++) day = bankDayFrom(calendar, plusDays(day, 1))
  return day
}

/** 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December, and none is moved (ECB, 14 December 2000). */
function isTargetHoliday(date: IsoDate): boolean {
  if (['01-01', '05-01', '12-25', '12-26'].includes(date.slice(5))) return true
  const easter = easterSunday(yearOf(date))
  return date === plusDays(easter, -2) || date === plusDays(easter, 1)
}

/**
 * The eleven holidays of the Reserve Banks (K.8). One on a Sunday is kept on the Monday; one on a Saturday is not moved: the Banks are open on the Friday
 * before, also when the Board of Governors and other calendars call that a holiday.
 */
function isFedHoliday(date: IsoDate): boolean {
  const year = yearOf(date)
  const fixed = ['01-01', '06-19', '07-04', '11-11', '12-25']
  if (fixed.includes(date.slice(5))) return true
  const yesterday = plusDays(date, -1)
  if (weekday(date) === MONDAY && fixed.includes(yesterday.slice(5))) return true
  const moving = [
    nthWeekday(year, 1, MONDAY, 3), // Martin Luther King, Jr.
    nthWeekday(year, 2, MONDAY, 3), // Washington's Birthday
    lastMonday(year, 5), // Memorial Day
    nthWeekday(year, 9, MONDAY, 1), // Labor Day
    nthWeekday(year, 10, MONDAY, 2), // Columbus Day
    nthWeekday(year, 11, THURSDAY, 4), // Thanksgiving Day
  ]
  return moving.includes(date)
}

const MONDAY = 1
const THURSDAY = 4

function weekday(date: IsoDate): number {
  return new Date(date).getUTCDay()
}

function isWeekend(date: IsoDate): boolean {
  return weekday(date) === 0 || weekday(date) === 6
}

function yearOf(date: IsoDate): number {
  return Number.parseInt(date.slice(0, 4), 10)
}

function dateOf(year: number, month: number, day: number): IsoDate {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function nthWeekday(year: number, month: number, day: number, nth: number): IsoDate {
  const first = dateOf(year, month, 1)
  return plusDays(first, ((day - weekday(first) + 7) % 7) + 7 * (nth - 1))
}

function lastMonday(year: number, month: number): IsoDate {
  const last = plusDays(dateOf(year, month + 1, 1), -1)
  return plusDays(last, -((weekday(last) - MONDAY + 7) % 7))
}
