import { expect, test } from 'vitest'
import { periodOf } from './period.ts'

const of = (zone: string, from: string, to = from) => {
  const { start, end } = periodOf({ from, to, zone })
  return [start, end].map((ns) => new Date(Number(ns / 1_000_000n)).toISOString())
}

test.each([
  ['UTC', '2026-11-25', '2026-11-25T00:00:00.000Z', '2026-11-26T00:00:00.000Z'],
  ['Europe/Berlin', '2026-11-25', '2026-11-24T23:00:00.000Z', '2026-11-25T23:00:00.000Z'],
  // A day of 25 hours, one of 23, and one that begins at one o'clock because its midnight is not there.
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-25', '2026-11-24T10:00:00.000Z', '2026-11-25T10:00:00.000Z'],
  ['Pacific/Pago_Pago', '2026-11-25', '2026-11-25T11:00:00.000Z', '2026-11-26T11:00:00.000Z'],
])('a day in %s (%s) is from %s to %s', (zone, date, start, end) => {
  expect(of(zone, date)).toEqual([start, end])
})

test('days that follow each other meet, whatever the clocks do, and each of their times is of its day', () => {
  for (const zone of ['Europe/Berlin', 'Africa/Cairo', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
    let before: bigint | undefined
    for (let day = Date.parse('2026-01-01'); day < Date.parse('2027-01-01'); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10)
      const { start, end, dayOf } = periodOf({ from: date, to: date, zone })
      if (before !== undefined) expect(start).toBe(before)
      expect([zone, dayOf(start), dayOf(end - 1n)]).toEqual([zone, date, date])
      before = end
    }
  }
}, 60_000)

test('what is no period is refused with what to change', () => {
  expect(() => of('UTC', '2026-11-02', '2026-11-01')).toThrow('2026-11-01 is before 2026-11-02')
  expect(() => of('Mars/Olympus', '2026-11-01')).toThrow('Mars/Olympus is no time zone')
  expect(() => of('UTC', '2026-01-01', '2027-01-02')).toThrow('367 days')
  expect(of('UTC', '2028-01-01', '2028-12-31')[1]).toBe('2029-01-01T00:00:00.000Z')
})
