import { expect, test } from 'vitest'
import { daysOf, type Scheme } from './schemes.ts'
import { instantOf, wallTime } from './wallTime.ts'

/** Times with their own offset: New York is UTC-5, from the second Sunday of March to the first of November UTC-4; Frankfurt UTC+1 and UTC+2. */
test.each<[Scheme, string, string, string]>([
  ['ach_same_day', 'before the first window', '2026-11-23T10:29:00-05:00', '2026-11-23T13:00:00-05:00'],
  ['ach_same_day', 'as the first window ends', '2026-11-23T10:30:00-05:00', '2026-11-23T17:00:00-05:00'],
  ['ach_same_day', 'before the third', '2026-11-23T16:44:00-05:00', '2026-11-23T18:00:00-05:00'],
  ['ach_same_day', 'after the third', '2026-11-23T16:45:00-05:00', '2026-11-24T13:00:00-05:00'],
  ['ach_same_day', 'after it on the eve of Thanksgiving', '2026-11-25T17:00:00-05:00', '2026-11-27T13:00:00-05:00'],
  ['ach_same_day', 'on the Friday before a Saturday holiday', '2026-07-03T09:00:00-04:00', '2026-07-03T13:00:00-04:00'],
  ['ach_same_day', 'the Friday before clocks go forward', '2026-03-06T17:00:00-05:00', '2026-03-09T13:00:00-04:00'],
  ['ach_same_day', 'the Friday before clocks go back', '2026-10-30T17:00:00-04:00', '2026-11-02T13:00:00-05:00'],
  ['ach', 'a Friday', '2026-11-20T12:00:00-05:00', '2026-11-23T09:00:00-05:00'],
  ['ach', 'a Friday evening', '2026-11-20T18:00:00-05:00', '2026-11-24T09:00:00-05:00'],
  ['fedwire', 'while it is open', '2026-11-23T15:00:00-05:00', '2026-11-23T15:00:10-05:00'],
  ['fedwire', 'between its end and its next day', '2026-11-23T18:45:00-05:00', '2026-11-23T21:00:10-05:00'],
  ['fedwire', 'at night, when the next day has begun', '2026-11-23T23:00:00-05:00', '2026-11-23T23:00:10-05:00'],
  ['fedwire', 'over a weekend', '2026-11-20T19:00:00-05:00', '2026-11-22T21:00:10-05:00'],
  ['fedwire', 'over Thanksgiving', '2026-11-25T19:00:00-05:00', '2026-11-26T21:00:10-05:00'],
  ['fedwire', 'on the night that clocks go forward', '2026-03-07T12:00:00-05:00', '2026-03-08T21:00:10-04:00'],
  ['rtp', 'on Christmas night', '2026-12-25T23:59:00-05:00', '2026-12-25T23:59:10-05:00'],
  ['fednow', 'on a Sunday', '2026-11-22T03:00:00-05:00', '2026-11-22T03:00:10-05:00'],
  ['sepa_instant', 'on Easter Monday', '2026-04-06T03:00:00+02:00', '2026-04-06T03:00:10+02:00'],
  ['sepa', 'before the cut-off', '2026-11-19T11:00:00+01:00', '2026-11-20T18:00:00+01:00'],
  ['sepa', 'at the cut-off of a Friday', '2026-11-20T16:00:00+01:00', '2026-11-24T18:00:00+01:00'],
  ['sepa', 'over the begin of summer time', '2026-03-27T11:00:00+01:00', '2026-03-30T18:00:00+02:00'],
  ['sepa', 'over its end', '2026-10-23T12:00:00+02:00', '2026-10-26T18:00:00+01:00'],
  ['sepa', 'over Easter', '2026-04-02T16:30:00+02:00', '2026-04-08T18:00:00+02:00'],
  ['swift', 'before a holiday of one end', '2026-11-25T12:00:00+01:00', '2026-11-30T18:00:00+01:00'],
  ['card', 'a Wednesday', '2026-11-18T12:00:00-05:00', '2026-11-20T09:00:00-05:00'],
])('%s, %s: ordered at %s it is there at %s', (scheme, _when, at, there) => {
  expect(new Date(daysOf(scheme).goodFundsAt(Date.parse(at))).toISOString()).toBe(new Date(there).toISOString())
})

test('a file before 16:00 in Frankfurt leaves the same day, in summer and in winter', () => {
  expect(daysOf('sepa').executionDay(Date.parse('2026-11-20T14:59:59Z'))).toBe('2026-11-20')
  expect(daysOf('sepa').executionDay(Date.parse('2026-11-20T15:00:00Z'))).toBe('2026-11-23')
  expect(daysOf('sepa').executionDay(Date.parse('2026-07-01T13:59:59Z'))).toBe('2026-07-01')
  expect(daysOf('sepa').executionDay(Date.parse('2026-07-01T14:00:00Z'))).toBe('2026-07-02')
})

test('no order is there before it was made, and a later one never before an earlier one, through nine years of hours', () => {
  const schemes: readonly Scheme[] = ['ach', 'ach_same_day', 'fedwire', 'sepa', 'swift', 'card']
  // Every 7 hours and 13 minutes, so that all hours and all changes of clocks are met.
  const [from, to, step] = [Date.UTC(2024, 0, 1), Date.UTC(2033, 0, 1), (7 * 60 + 13) * 60_000 * 5]
  const before = new Map<Scheme, number>()
  for (let at = from; at < to; at += step) {
    for (const scheme of schemes) {
      const there = daysOf(scheme).goodFundsAt(at)
      expect(there).toBeGreaterThan(at)
      expect(there).toBeGreaterThanOrEqual(before.get(scheme) ?? 0)
      expect(there - at).toBeLessThan(8 * 86_400_000)
      before.set(scheme, there)
    }
  }
})

test('a wall shows the time that it was asked the instant of, on the days that are 23 and 25 hours long', () => {
  for (const [zone, date] of [
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
  ] as const)
    for (const minute of [0, 59, 180, 600, 1_439]) expect(wallTime(zone, instantOf(zone, date, minute))).toEqual({ date, minute })
})
