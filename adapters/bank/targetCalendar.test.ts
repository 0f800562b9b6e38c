import { expect, test } from 'vitest'
import { easterSunday, executionDay, isTargetDay, nextTargetDay, secondsToFunds, targetDayFrom } from './targetCalendar.ts'

test.each([
  [2024, '2024-03-31'],
  [2025, '2025-04-20'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2038, '2038-04-25'],
])('Easter of %i is %s', (year, date) => {
  expect(easterSunday(year)).toBe(date)
})

test('TARGET rests on weekends and its six holidays, and on no other day', () => {
  const rest = ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25', '2026-11-21', '2026-11-22']
  for (const date of rest) expect(isTargetDay(date), date).toBe(false)
  for (const date of ['2026-04-02', '2026-04-07', '2026-05-14', '2026-12-24', '2026-12-31', '2026-10-05'])
    expect(isTargetDay(date), date).toBe(true)
  expect(nextTargetDay('2026-12-24')).toBe('2026-12-28')
  expect(nextTargetDay('2026-04-02')).toBe('2026-04-07')
  expect(targetDayFrom('2026-11-20')).toBe('2026-11-20')
})

test('a file before 16:00 in Frankfurt leaves the same day, in summer and in winter', () => {
  expect(executionDay(Date.parse('2026-11-20T14:59:59Z'))).toBe('2026-11-20')
  expect(executionDay(Date.parse('2026-11-20T15:00:00Z'))).toBe('2026-11-23')
  expect(executionDay(Date.parse('2026-07-01T13:59:59Z'))).toBe('2026-07-01')
  expect(executionDay(Date.parse('2026-07-01T14:00:00Z'))).toBe('2026-07-02')
})

test('money is there at 18:00 in Frankfurt of the TARGET day after execution, also across the change of clocks', () => {
  const seconds = (from: string, to: string) => BigInt(Date.parse(to) - Date.parse(from)) / 1000n
  for (const [from, to] of [
    ['2026-11-19T10:00:00Z', '2026-11-20T17:00:00Z'],
    ['2026-11-20T15:00:00Z', '2026-11-24T17:00:00Z'],
    ['2026-03-27T10:00:00Z', '2026-03-30T16:00:00Z'],
    ['2026-10-23T10:00:00Z', '2026-10-26T17:00:00Z'],
  ] as const)
    expect(secondsToFunds(Date.parse(from))).toBe(seconds(from, to))
})
