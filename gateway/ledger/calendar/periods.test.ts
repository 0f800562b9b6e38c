import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PERIOD_COUNT_MAX, PERIOD_UNITS, type Periods, type PeriodUnit, periodAt, periodStart, UTC_DAYS } from './periods.ts'

const periods = (anchor: string, unit: PeriodUnit, count = 1): Periods => ({ every: { unit, count }, anchor: Date.parse(anchor) })
const said = (at: number) => new Date(at).toISOString().replace(/:00\.000Z$/, '')
const starts = (p: Periods, ...indexes: readonly number[]) => indexes.map((index) => said(periodStart(p, index)))

test.each([
  ['the 31st, through a year of 365 days', periods('2027-01-31T09:30Z', 'month'), [0, 1, 2, 3, 4], '01-31 02-28 03-31 04-30 05-31'],
  ['the 31st, through a leap year', periods('2028-01-31T09:30Z', 'month'), [0, 1, 2, 3], '01-31 02-29 03-31 04-30'],
  ['the 30th, which only February lacks', periods('2027-01-30T09:30Z', 'month'), [1, 2, 3], '02-28 03-30 04-30'],
  ['the 28th, which every month has', periods('2027-01-28T09:30Z', 'month'), [1, 2, 12], '02-28 03-28 01-28'],
  ['every quarter from the last day of November', periods('2027-11-30T09:30Z', 'month', 3), [0, 1, 2], '11-30 02-29 05-30'],
  ['29 February, every year', periods('2028-02-29T09:30Z', 'year'), [0, 1, 4], '02-29 02-28 02-29'],
  ['every day over the end of February', periods('2028-02-28T09:30Z', 'day'), [1, 2], '02-29 03-01'],
  ['every second week over the end of a year', periods('2027-12-24T09:30Z', 'week', 2), [1, 2], '01-07 01-21'],
])('%s', (_name, p, indexes, days) => {
  expect(starts(p, ...indexes).map((at) => at.slice(5, 10))).toEqual(days.split(' '))
  expect(starts(p, ...indexes).every((at) => at.endsWith('T09:30'))).toBe(true)
})

test('a century has no leap day, every fourth has one', () => {
  expect(starts(periods('2096-02-29T00:00Z', 'year', 4), 1, 2)).toEqual(['2100-02-28T00:00', '2104-02-29T00:00'])
  expect(starts(periods('1999-12-31T23:59Z', 'month', 2), 1)).toEqual(['2000-02-29T23:59'])
})

test('summer time moves nothing: all is UTC', () => {
  const p = periods('2027-03-27T01:30Z', 'day')
  expect(starts(p, 1, 2)).toEqual(['2027-03-28T01:30', '2027-03-29T01:30'])
})

test.each([
  ['a millisecond before its begin', '2027-02-28T09:29:59.999Z', 0],
  ['at its begin', '2027-02-28T09:30Z', 1],
  ['a millisecond before its end', '2027-03-31T09:29:59.999Z', 1],
  ['before the first', '2027-01-31T09:29:59.999Z', -1],
  ['years later', '2031-02-28T09:30Z', 49],
])('a time is in its period: %s', (_name, at, index) => {
  expect(periodAt(periods('2027-01-31T09:30Z', 'month'), Date.parse(at))).toBe(index)
})

test('periods follow each other without a gap and without an overlap, whatever they are and wherever they begin', () => {
  const every = fc
    .constantFrom(...PERIOD_UNITS)
    .chain((unit) => fc.integer({ min: 1, max: PERIOD_COUNT_MAX[unit] }).map((count) => ({ unit, count })))
  const anchor = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2110-01-01') })
  fc.assert(
    fc.property(every, anchor, fc.integer({ min: 0, max: 500 }), (unit, from, index) => {
      const p = { every: unit, anchor: from }
      const [start, end] = [periodStart(p, index), periodStart(p, index + 1)]
      expect(end).toBeGreaterThan(start)
      expect([start - 1, start, end - 1, end].map((at) => periodAt(p, at))).toEqual([index - 1, index, index, index + 1])
    }),
  )
})

test('a period before the first is nobody’s question', () => {
  expect(() => periodStart(periods('2027-01-31T09:30Z', 'month'), -1)).toThrow()
})

test('a day of UTC is counted from 1970, as its name says', () => {
  const last = periodAt(UTC_DAYS, Date.parse('2026-12-31T23:59:59.999Z'))
  expect([last, new Date(periodStart(UTC_DAYS, last + 1)).toISOString()]).toEqual([20_818, '2027-01-01T00:00:00.000Z'])
})
