import { GatewayError } from '../../errors/gatewayError.ts'

const DAY_MS = 86_400_000
/** No zone is further from UTC than this. */
const AWAY_MS_MAX = 26 * 3_600_000
/** Leap years have so many. */
const DAYS_MAX = 366
const NS_PER_MS = 1_000_000n

/** Whole days in a time zone, the first and the last: from `start` on and before `end`, in the ledger's ns. `dayOf` says which day a time (ns) is of. */
export type Period = Readonly<{ from: string; to: string; zone: string; start: bigint; end: bigint; dayOf: (at: bigint) => string }>

/** Throws `invalid_request` for a zone that is none, days the wrong way round, and more than a year of them. */
export function periodOf({ from, to, zone }: Readonly<{ from: string; to: string; zone: string }>): Period {
  const day = dayIn(zone)
  if (to < from)
    throw new GatewayError('invalid_request', `to: ${to} is before ${from}`, { hint: 'Name the first day in from and the last in to.' })
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (days > DAYS_MAX)
    throw new GatewayError('invalid_request', `${from} to ${to} are ${days} days`, { hint: `Ask for ${DAYS_MAX} days at most, and again.` })
  const after = new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10)
  const [start, end] = [beginningOf(from, day), beginningOf(after, day)].map((ms) => BigInt(ms) * NS_PER_MS)
  return { from, to, zone, start: start!, end: end!, dayOf: (at) => day(Number(at / NS_PER_MS)) } // not money: a time
}

/** The date that a wall in this zone shows at a time (ms). */
function dayIn(zone: string): (ms: number) => string {
  try {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    return (ms) => format.format(ms)
  } catch {
    throw new GatewayError('invalid_request', `time_zone: ${zone.slice(0, 60)} is no time zone`, {
      hint: 'Name one as the IANA database does, such as Europe/Berlin, or UTC.',
    })
  }
}

/** The first ms (UTC) of a date, found by halving: not every midnight is there where clocks are changed, and the days before and behind a date must meet. */
function beginningOf(date: string, day: (ms: number) => string): number {
  let [low, high] = [Date.parse(date) - AWAY_MS_MAX, Date.parse(date) + AWAY_MS_MAX]
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2) // not money: a time
    if (day(middle) < date) low = middle + 1
    else high = middle
  }
  return low
}
