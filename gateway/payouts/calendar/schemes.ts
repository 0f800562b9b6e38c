import { invariant } from '../../errors/invariant.ts'
import type { BankDays } from '../../ports/bankDays.ts'
import { bankDayFrom, bankDaysAfter, type Calendar, isBankDay } from './bankDays.ts'
import { type IsoDate, instantOf, plusDays, wallTime, type Zone } from './wallTime.ts'

/** How a bank or a network brings money, each with its own hours. */
export const SCHEMES = ['ach', 'ach_same_day', 'fednow', 'rtp', 'fedwire', 'sepa', 'sepa_instant', 'swift', 'card'] as const
export type Scheme = (typeof SCHEMES)[number]

const HOUR = 60
/** What is final within seconds, at any hour: payee's banks answer an instant transfer within seven seconds, and it must be there within ten. */
const INSTANT_SECONDS = 10

/** Minutes of the wall's clock: what is ordered before `until` is good funds `days` days of the calendar later, at `fundsAt`. */
type Window = Readonly<{ until: number; days: number; fundsAt: number }>

/** `windows`: an order takes the first that is not over; after the last, the next day's. `open`: final at once in between, from the evening before. */
type Hours =
  | Readonly<{ kind: 'windows'; calendar: Calendar; zone: Zone; windows: readonly [Window, ...Window[]] }>
  | Readonly<{ kind: 'open'; calendar: Calendar; zone: Zone; from: number; until: number }>
  | Readonly<{ kind: 'always'; zone: Zone }>

/** Networks' own hours, and where a bank sets them what is usual. Each bank's may be earlier. */
const HOURS: Readonly<Record<Scheme, Hours>> = {
  // The file of the evening settles at 08:30 of the next banking day, and is there by 9:00 (Nacha).
  ach: { kind: 'windows', calendar: 'fed', zone: 'America/New_York', windows: [{ until: 17 * HOUR, days: 1, fundsAt: 9 * HOUR }] },
  ach_same_day: {
    kind: 'windows',
    calendar: 'fed',
    zone: 'America/New_York',
    windows: [
      { until: 10 * HOUR + 30, days: 0, fundsAt: 13 * HOUR },
      { until: 14 * HOUR + 45, days: 0, fundsAt: 17 * HOUR },
      { until: 16 * HOUR + 45, days: 0, fundsAt: 18 * HOUR },
    ],
  },
  fednow: { kind: 'always', zone: 'America/New_York' },
  rtp: { kind: 'always', zone: 'America/New_York' },
  // The day begins at 21:00 of the evening before and ends at 19:00; for customers of banks at 18:45.
  fedwire: { kind: 'open', calendar: 'fed', zone: 'America/New_York', from: -3 * HOUR, until: 18 * HOUR + 45 },
  // Files until 16:00 leave the same day (usual); there at the end of the next TARGET day (PSD2, article 83: D+1).
  sepa: { kind: 'windows', calendar: 'target', zone: 'Europe/Berlin', windows: [{ until: 16 * HOUR, days: 1, fundsAt: 18 * HOUR }] },
  sepa_instant: { kind: 'always', zone: 'Europe/Berlin' },
  // Correspondents add a day: two days on which both ends settle (usual; it may be none or three).
  swift: {
    kind: 'windows',
    calendar: 'fed_and_target',
    zone: 'Europe/Berlin',
    windows: [{ until: 16 * HOUR, days: 2, fundsAt: 18 * HOUR }],
  },
  // What a card pays is paid out two banking days later (usual).
  card: { kind: 'windows', calendar: 'fed', zone: 'America/New_York', windows: [{ until: 17 * HOUR, days: 2, fundsAt: 9 * HOUR }] },
}

/** When the payee has good funds of what is ordered at `at` (both ms). */
function goodFundsAt(scheme: Scheme, at: number): number {
  const hours = HOURS[scheme]
  if (hours.kind === 'always') return at + INSTANT_SECONDS * 1_000
  if (hours.kind === 'open') return opensAt(hours, at) + INSTANT_SECONDS * 1_000
  const { day, window } = takenBy(hours, at)
  return instantOf(hours.zone, bankDaysAfter(hours.calendar, day, window.days), window.fundsAt)
}

/** Its days, as a rail is handed them. */
export function daysOf(scheme: Scheme): BankDays {
  return {
    executionDay: (at) => executionDay(HOURS[scheme], at),
    nextDayAt: (at) => nextDayAt(HOURS[scheme], at),
    goodFundsAt: (at) => goodFundsAt(scheme, at),
  }
}

function executionDay(hours: Hours, at: number): IsoDate {
  invariant(hours.kind !== 'open', 'what opens and closes has no day of execution')
  return hours.kind === 'always' ? wallTime(hours.zone, at).date : takenBy(hours, at).day
}

/** Midnight of the wall's clock. What knows no days takes it at once. */
function nextDayAt(hours: Hours, at: number): number {
  if (hours.kind === 'always') return at
  const { date } = wallTime(hours.zone, at)
  return instantOf(hours.zone, bankDayFrom(hours.calendar, plusDays(date, 1)), 0)
}

function takenBy(hours: Hours & { kind: 'windows' }, at: number): Readonly<{ day: IsoDate; window: Window }> {
  const { date, minute } = wallTime(hours.zone, at)
  const today = isBankDay(hours.calendar, date) ? hours.windows.find(({ until }) => minute < until) : undefined
  if (today) return { day: date, window: today }
  return { day: bankDayFrom(hours.calendar, plusDays(date, 1)), window: hours.windows[0] }
}

/** `at` itself while it is open, else when it opens next. */
function opensAt(hours: Hours & { kind: 'open' }, at: number): number {
  const { date } = wallTime(hours.zone, at)
  const ends = instantOf(hours.zone, date, hours.until)
  const day = bankDayFrom(hours.calendar, at < ends ? date : plusDays(date, 1))
  const opens = instantOf(hours.zone, day, hours.from)
  return opens > at ? opens : at
}
