import { expect, test } from 'vitest'
import type { Schedule } from './facts.ts'
import { slotAt, slotStart } from './schedule.ts'

test.each<[string, Schedule, string, string, string]>([
  ['an hour', { every: 'hour', day: 1, hour: 0 }, '2027-01-15T12:34Z', '2027-01-15T12:00', '2027-01-15T13:00'],
  ['a day at six', { every: 'day', day: 1, hour: 6 }, '2027-01-15T05:59Z', '2027-01-14T06:00', '2027-01-15T06:00'],
  ['a week from Monday', { every: 'week', day: 1, hour: 0 }, '2027-01-15T12:00Z', '2027-01-11T00:00', '2027-01-18T00:00'],
  ['a week from Sunday', { every: 'week', day: 7, hour: 0 }, '2027-01-15T12:00Z', '2027-01-10T00:00', '2027-01-17T00:00'],
  ['a month from the first', { every: 'month', day: 1, hour: 0 }, '2027-01-15T12:00Z', '2027-01-01T00:00', '2027-02-01T00:00'],
  ['a month from the 31st', { every: 'month', day: 31, hour: 6 }, '2027-02-28T06:00Z', '2027-02-28T06:00', '2027-03-31T06:00'],
  ['a month from the 31st, just before', { every: 'month', day: 31, hour: 6 }, '2027-02-28T05:59Z', '2027-01-31T06:00', '2027-02-28T06:00'],
])('%s begins and ends on the calendar', (_name, schedule, at, from, until) => {
  const slot = slotAt(schedule, Date.parse(at))
  expect([slot, slot + 1].map((one) => new Date(slotStart(schedule, one)).toISOString().slice(0, 16))).toEqual([from, until])
})
