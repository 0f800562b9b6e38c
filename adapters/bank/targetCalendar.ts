const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** A search for a business day ends long before this: the longest TARGET closure is 5 days (Easter). */
const SEARCH_DAYS_MAX = 10
/** Orders until 16:00 leave the same day (usual for files); TARGET's day for customer payments ends at 18:00, both in Frankfurt. */
const CUT_OFF_HOUR = 16
const DAY_END_HOUR = 18

/** A date as ISO 8601 writes it, "2026-11-21". */
type IsoDate = string

const frankfurt = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
})

function wallClock(at: number): { date: IsoDate; hour: number } {
  const part = Object.fromEntries(frankfurt.formatToParts(at).map(({ type, value }) => [type, value]))
  return { date: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour) }
}

function plusDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Easter Sunday of a Gregorian year (Meeus, Jones and Butcher). */
export function easterSunday(year: number): IsoDate {
  const div = (a: number, b: number) => (a - (a % b)) / b
  const a = year % 19
  const b = div(year, 100)
  const c = year % 100
  const h = (19 * a + b - div(b, 4) - div(b - div(b + 8, 25) + 1, 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * div(c, 4) - h - (c % 4)) % 7
  const m = div(a + 11 * h + 22 * l, 451)
  const n = h + l - 7 * m + 114
  return `${year}-${String(div(n, 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`
}

/** True when TARGET settles on this date: not on weekends, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December. */
export function isTargetDay(date: IsoDate): boolean {
  const weekday = new Date(date).getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  if (['01-01', '05-01', '12-25', '12-26'].includes(date.slice(5))) return false
  const easter = easterSunday(Number(date.slice(0, 4)))
  return date !== plusDays(easter, -2) && date !== plusDays(easter, 1)
}

/** The first TARGET day on or after `date`. */
export function targetDayFrom(date: IsoDate): IsoDate {
  for (let days = 0; days < SEARCH_DAYS_MAX; days += 1) {
    const day = plusDays(date, days)
    if (isTargetDay(day)) return day
  }
  throw new Error(`invariant broken: no TARGET day within ${SEARCH_DAYS_MAX} days of ${date}`)
}

/** The first TARGET day after `date`. */
export function nextTargetDay(date: IsoDate): IsoDate {
  return targetDayFrom(plusDays(date, 1))
}

/** The day on which a file handed over at `at` (ms) is executed: today before the cut-off of a TARGET day, else the next one. */
export function executionDay(at: number): IsoDate {
  const { date, hour } = wallClock(at)
  return isTargetDay(date) && hour < CUT_OFF_HOUR ? date : nextTargetDay(date)
}

/** Seconds until the payee has the money: the end of the TARGET day after the execution day (PSD2, article 83: D+1). */
export function secondsToFunds(at: number): bigint {
  const day = nextTargetDay(executionDay(at))
  const asUtc = Date.parse(day) + DAY_END_HOUR * HOUR_MS
  const ends = asUtc - (wallClock(asUtc).hour - DAY_END_HOUR) * HOUR_MS
  return BigInt(ends - at) / 1000n
}
