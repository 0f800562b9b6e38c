import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, money, parseAmount } from '../../money/money.ts'
import { PLAIN_ASSETS } from '../../money/plainAssets.ts'
import { SCHEMES } from '../calendar/schemes.ts'
import { dayOf, type FundsBy, type Ppm, type ScheduleRow } from './schedule.ts'

/** Rows that one file may have. */
const ROWS_MAX = 1_000
const NAME = /^[a-z][a-z0-9_]{0,59}$/

const text = z.string().min(1).max(300)
const date = z.iso.date()
/** As the file writes a row: every amount with its unit, every share with its own. */
const rowShape = z.strictObject({
  schedule: z.string().regex(NAME),
  title: text,
  rail: z.enum(['lightning', 'evm', 'bank', 'book', 'custom']),
  unit: z.string(),
  from: date,
  until: date,
  source: text,
  fixed: text.optional(),
  rate: text.optional(),
  rateMin: text.optional(),
  rateMax: text.optional(),
  gas: text.optional(),
  batch: z.strictObject({ cost: text, items: z.int().min(1).max(1_000_000) }).optional(),
  conversion: text.optional(),
  reversal: z.strictObject({ chance: text, lost: text, fee: text.optional() }).optional(),
  success: text,
  scheme: z.enum(SCHEMES).optional(),
  seconds: z.int().min(0).max(31_536_000).optional(),
  limit: text.optional(),
})
const fileShape = z.strictObject({ schedules: z.array(z.unknown()).max(ROWS_MAX) })
type RowText = z.infer<typeof rowShape>

/**
 * The rows of a file's text. Refuses the whole file where one row is misshapen, has an amount without its unit or in another one, ends before it begins, or
 * overlaps another of its list; the message names the row. A row of the past or the future is no fault: `requireNow` asks for one of today.
 */
export function readSchedules(json: string, file: string): ScheduleRow[] {
  const parsed = fileShape.safeParse(jsonOf(json, file))
  if (!parsed.success) throw refused(file, `has no list "schedules" of at most ${ROWS_MAX} rows`)
  const rows = parsed.data.schedules.map((raw, place) => {
    const row = rowShape.safeParse(raw)
    const named = nameOf(raw, place)
    if (row.success) return rowOf(row.data, `${file}, ${named}`)
    const [issue] = row.error.issues
    throw refused(file, `${named}: ${issue?.path.join('.') || 'the row'}: ${issue?.message}`)
  })
  const overlap = overlapIn(rows)
  if (overlap) throw refused(file, overlap)
  return rows
}

/** The operator's rows, and of the shipped ones those whose list the operator has not written itself. */
export function withOwn(shipped: readonly ScheduleRow[], own: readonly ScheduleRow[]): ScheduleRow[] {
  const written = new Set(own.map(({ schedule }) => schedule))
  return [...shipped.filter(({ schedule }) => !written.has(schedule)), ...own]
}

/** Refuses a list that is not there or has no row of today. */
export function requireNow(rows: readonly ScheduleRow[], schedule: string, at: number): void {
  const own = rows.filter((row) => row.schedule === schedule)
  if (own.length === 0)
    throw refused('feeSchedules', `has no list ${schedule}; there are ${[...new Set(rows.map((r) => r.schedule))].join(', ')}`)
  const day = dayOf(at)
  if (own.some(({ from, until }) => from <= day && day <= until)) return
  throw refused(
    'feeSchedules',
    `${own.map((row) => `${schedule} is for ${row.from} to ${row.until}`).join(', ')}; none is for today, ${day}`,
  )
}

function jsonOf(json: string, file: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw refused(file, 'is not JSON')
  }
}

function nameOf(raw: unknown, place: number): string {
  const { schedule, from } = Object(raw) as Readonly<Record<string, unknown>> // Whatever JSON holds; both are shown only as text.
  return `row ${place + 1} (${String(schedule).slice(0, 60)} from ${String(from).slice(0, 10)})`
}

function refused(file: string, what: string): GatewayError {
  return new GatewayError('unsafe_configuration', `Fee schedules: ${file} ${what}`, {
    hint: 'docs/routing.md has the form of a row. Correct that row; nothing is guessed.',
  })
}

function rowOf(row: RowText, named: string): ScheduleRow {
  const asset = PLAIN_ASSETS.get(row.unit)
  const wrong = (what: string) => refused(`${named}:`, what)
  if (!asset) throw wrong(`"${row.unit}" is no unit; there are ${[...PLAIN_ASSETS.keys()].join(', ')}`)
  if (row.from > row.until) throw wrong(`it ends on ${row.until}, before it begins`)
  if ((row.scheme === undefined) === (row.seconds === undefined)) throw wrong('it has either a scheme or seconds')
  const of = (member: string) => (what: string) => wrong(`${member}: ${what}`)
  const amount = (member: string, said: string | undefined) => (said === undefined ? money(asset, 0n) : amountOf(said, asset, of(member)))
  const share = (member: string, said: string | undefined) => shareOf(said ?? '0 ppm', of(member))
  const { batch, reversal } = row
  const parsed: ScheduleRow = {
    schedule: row.schedule,
    title: row.title,
    rail: row.rail,
    asset,
    from: row.from,
    until: row.until,
    source: row.source,
    fixed: amount('fixed', row.fixed),
    rate: share('rate', row.rate),
    rateMin: amount('rateMin', row.rateMin),
    rateMax: row.rateMax === undefined ? undefined : amount('rateMax', row.rateMax),
    gas: amount('gas', row.gas),
    batch: batch && { cost: amount('batch.cost', batch.cost), items: BigInt(batch.items) },
    conversion: share('conversion', row.conversion),
    reversal: {
      chance: share('reversal.chance', reversal?.chance),
      lost: share('reversal.lost', reversal?.lost),
      fee: amount('reversal.fee', reversal?.fee),
    },
    success: share('success', row.success),
    fundsBy: fundsByOf(row),
    limit: row.limit === undefined ? undefined : amount('limit', row.limit),
  }
  if (parsed.rateMax && parsed.rateMax.units < parsed.rateMin.units) throw wrong('rateMax is below rateMin')
  return parsed
}

/** "0.30 USD": a decimal and the row's own unit, so that neither a bare number nor cents can be read as dollars. */
function amountOf(said: string, asset: Asset, wrong: (what: string) => GatewayError): Money {
  const [decimal = '', unit, more] = said.split(' ')
  if (unit === undefined) throw wrong(`"${said}" names no unit; write "${said} ${asset.code}" if it is that`)
  if (unit !== asset.code || more !== undefined) throw wrong(`"${said}" is not in ${asset.code}, the row's unit`)
  try {
    return parseAmount(decimal, asset)
  } catch {
    throw wrong(`"${said}" is no amount of ${asset.code}`)
  }
}

const PPM_IN: Readonly<Record<string, readonly [ppm: bigint, places: number]>> = { '%': [10_000n, 4], bps: [100n, 2], ppm: [1n, 0] }
const SHARE = /^(\d{1,7})(?:\.(\d{1,4}))? (%|bps|ppm)$/

/** "2.9 %", "80 bps" or "98 ppm", exactly; never above the whole. */
function shareOf(said: string, wrong: (what: string) => GatewayError): Ppm {
  const [, whole = '', fraction = '', unit = ''] = SHARE.exec(said) ?? []
  const [ppm, places] = PPM_IN[unit] ?? [0n, 0]
  if (ppm === 0n) throw wrong(`"${said}" is no share; write it as "2.9 %", "80 bps" or "98 ppm"`)
  if (fraction.length > places) throw wrong(`"${said}" is finer than a millionth`)
  const units = BigInt(whole) * ppm + BigInt(fraction.padEnd(places, '0') || '0')
  if (units > 1_000_000n) throw wrong(`"${said}" is more than all`)
  return units as Ppm // The only place that makes one.
}

function fundsByOf({ scheme, seconds = 0 }: RowText): FundsBy {
  return scheme === undefined ? { kind: 'seconds', seconds: BigInt(seconds) } : { kind: 'scheme', scheme }
}

/** The first two rows of one list that share a day, in words. */
function overlapIn(rows: readonly ScheduleRow[]): string | undefined {
  const sorted = [...rows].sort((a, b) => (a.schedule === b.schedule ? (a.from < b.from ? -1 : 1) : a.schedule < b.schedule ? -1 : 1))
  for (const [place, row] of sorted.entries()) {
    const next = sorted[place + 1]
    if (next?.schedule === row.schedule && next.from <= row.until) {
      return `has two rows of ${row.schedule} that overlap: from ${row.from} to ${row.until}, and from ${next.from} to ${next.until}`
    }
  }
  return undefined
}
