/** Where banks keep their hours: New York's are the Fed's, Berlin's are Frankfurt's (the IANA database has no zone of its own for it). */
export type Zone = 'America/New_York' | 'Europe/Berlin'

/** A date as ISO 8601 writes it, "2026-11-21". */
export type IsoDate = string

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** What a clock on the wall shows: the date, and the minutes since its midnight, which on two days a year is 23 or 25 hours long. */
type WallTime = Readonly<{ date: IsoDate; minute: number }>

function clockOf(timeZone: Zone): Intl.DateTimeFormat {
  const [year, two] = ['numeric', '2-digit'] as const
  return new Intl.DateTimeFormat('en-CA', { timeZone, year, month: two, day: two, hour: two, minute: two, hourCycle: 'h23' })
}

const CLOCKS: Readonly<Record<Zone, Intl.DateTimeFormat>> = {
  'America/New_York': clockOf('America/New_York'),
  'Europe/Berlin': clockOf('Europe/Berlin'),
}

/** The wall's time at an instant (ms). */
export function wallTime(zone: Zone, at: number): WallTime {
  const part = Object.fromEntries(CLOCKS[zone].formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    minute: Number.parseInt(`${part.hour}`, 10) * 60 + Number.parseInt(`${part.minute}`, 10),
  }
}

/** The instant (ms) at which a wall shows this; `minute` may lie before the date's midnight. No bank has a cut-off in the hour that summer time skips. */
export function instantOf(zone: Zone, date: IsoDate, minute: number): number {
  const asUtc = Date.parse(date) + minute * MINUTE_MS
  // The offset at a first guess may be the one of the other side of a change of clocks; at the second it is not.
  const first = asUtc - offsetMs(zone, asUtc)
  return asUtc - offsetMs(zone, first)
}

/** By how much the wall's clock is ahead of UTC. */
function offsetMs(zone: Zone, at: number): number {
  const { date, minute } = wallTime(zone, at)
  return Date.parse(date) + minute * MINUTE_MS - (at - (at % MINUTE_MS))
}

export function plusDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}
