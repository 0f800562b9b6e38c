import { expect, test } from 'vitest'
import { bankDayFrom, bankDaysAfter, type Calendar, isBankDay } from './bankDays.ts'

/** The days of a year, weekends apart, on which a calendar rests. */
function closedOn(calendar: Calendar, year: number): string {
  const days: string[] = []
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10)
    const weekend = [0, 6].includes(new Date(at).getUTCDay())
    if (!weekend && !isBankDay(calendar, date)) days.push(date.slice(5))
    if (weekend) expect(isBankDay(calendar, date), date).toBe(false)
  }
  return days.join(' ')
}

/** 2026 to 2030: K.8 of the Federal Reserve Board, as updated on 2025-12-31; 2025: the Richmond Fed; 2024, 2031 and 2032: the same rule, by hand. */
test.each([
  [2024, '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25'],
  [2025, '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
  [2026, '01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25'],
  [2027, '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'],
  [2028, '01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-23 12-25'],
  [2029, '01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25'],
  [2030, '01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25'],
  [2031, '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
  [2032, '01-01 01-19 02-16 05-31 07-05 09-06 10-11 11-11 11-25'],
])('in %i the Reserve Banks are closed as they have published', (year, closed) => {
  expect(closedOn('fed', year)).toBe(closed)
})

test('the Friday before a holiday on a Saturday is a banking day, whatever lists of public holidays say', () => {
  for (const date of ['2026-07-03', '2027-06-18', '2027-12-24', '2027-12-31', '2028-11-10']) expect(isBankDay('fed', date), date).toBe(true)
})

/** The ECB's rule since 2002 with the dates of Easter in the Gregorian calendar. */
test.each([
  [2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
  [2025, '01-01 04-18 04-21 05-01 12-25 12-26'],
  [2026, '01-01 04-03 04-06 05-01 12-25'],
  [2027, '01-01 03-26 03-29'],
  [2028, '04-14 04-17 05-01 12-25 12-26'],
  [2029, '01-01 03-30 04-02 05-01 12-25 12-26'],
  [2030, '01-01 04-19 04-22 05-01 12-25 12-26'],
  [2031, '01-01 04-11 04-14 05-01 12-25 12-26'],
  [2032, '01-01 03-26 03-29'],
])('in %i TARGET is closed on its six days, and on no other', (year, closed) => {
  expect(closedOn('target', year)).toBe(closed)
})

test('a day is looked for over weekends and closures of both ends', () => {
  expect(bankDayFrom('target', '2026-11-20')).toBe('2026-11-20')
  expect(bankDaysAfter('target', '2026-12-24', 1)).toBe('2026-12-28')
  expect(bankDaysAfter('target', '2026-04-02', 1)).toBe('2026-04-07')
  expect(bankDaysAfter('fed', '2026-11-25', 1)).toBe('2026-11-27')
  // Thanksgiving rests in New York, Good Friday in Frankfurt: what needs both waits for both.
  expect(bankDaysAfter('fed_and_target', '2026-11-25', 2)).toBe('2026-11-30')
  expect(bankDaysAfter('fed_and_target', '2026-04-02', 1)).toBe('2026-04-07')
  expect(bankDayFrom('every_day', '2026-12-25')).toBe('2026-12-25')
})
