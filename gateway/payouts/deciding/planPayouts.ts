import { setImmediate as turn } from 'node:timers/promises'
import { costOfNotPaying, type NanoUsd } from '../../costs/policy.ts'
import { createValuer, type Valuer } from '../../costs/valuer.ts'
import { whereAvailable } from '../../errors/gatewayError.ts'
import { max, min } from '../../money/integers.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { PlannedWay } from '../payoutState/payout.ts'
import { planTogether, type SharedRail } from '../router/planTogether.ts'
import { reserveOf } from './candidates.ts'
import { askClasses, eachInTurns, type RailTerms, type TermsOf, type WantedRow } from './classTerms.ts'
import { goodFundsAt, tooLate } from './inTime.ts'
import { worth } from './makeDecision.ts'

/** A planned way is kept as long as it costs no more than this share of its cost beyond what the plan reckoned with: a tenth. */
const HOLDS_ONE_IN = 10n

/** What one rail carries of a plan: what its rows are expected to cost, what it costs once beside that, and when the last of them is there if sent now (ms). */
type PlannedRail = Readonly<{
  rail: RailName
  rows: number
  units: bigint
  costNano: NanoUsd
  fixedNano: NanoUsd
  fundsAt: number
}>

/**
 * Many payouts planned together. `ways` has one a row, undefined of what has no way with room. `costNano` is what all cost, those that are not paid included,
 * and no plan by the same terms costs less than `leastNano`. `asked`: how often rails were asked for terms.
 */
export type PayoutsPlan = Readonly<{
  ways: readonly (PlannedWay | undefined)[]
  rails: readonly PlannedRail[]
  costNano: NanoUsd
  leastNano: NanoUsd
  oneByOneNano: NanoUsd
  asked: number
  /** What was weighed for a row: the ways that it has, the cheapest first, and the rails that are shut to it. */
  weighed(row: number): WeighedRow
  /** When the payee of a row has good funds by the fastest of its ways, in time or not, if it is sent now (ms); undefined where it has none. */
  earliest(row: number): number | undefined
}>

export type WeighedRow = Readonly<{
  ways: readonly Readonly<{ rail: RailName; destination: number; costNano: NanoUsd }>[]
  shut: readonly Readonly<{ rail: string; destination: number; detail: string }>[]
}>

type Asking = Readonly<{ source: AccountPath; rows: readonly WantedRow[] }>

/** A way of a row by one rail, and which of the row's destinations it pays. */
type RowWay = RailTerms & Readonly<{ destination: number }>
/** The rails of a plan, in the order in which they were met. */
type Column = { rail: RailName; asset: string; availableNano: NanoUsd }

/** Plans payouts of one source together, by terms that rails say now. Holds and sends nothing. */
export async function planPayouts(context: PayoutContext, { source, rows }: Asking): Promise<PayoutsPlan> {
  const at = context.clock.now()
  const valuer = createValuer(context.rates, context.usd)
  const terms = await askClasses(context, rows, { source, valuer, at })
  const columns: Column[] = []
  const ways: ReturnType<typeof waysOf>[] = []
  await eachInTurns(rows, (row) => void ways.push(waysOf(row, terms, { columns, at })))
  await turn()
  const rails = columns.map((column) => sharedRail(context, column, { asset: rows[0]?.amount, valuer, at }))
  const plan = planTogether(
    rails,
    ways.map((known, i) => ({ ways: known, lostNano: costOfNotPaying(worth(rows[i]!, valuer), context.policy.router) })),
  )
  const { places, costNano, leastNano, oneByOneNano } = plan
  const chosen = ways.map((known, i): RowWay | undefined => (places[i] === undefined ? undefined : known[places[i]]))
  return {
    ways: chosen.map((way, i) => way && plannedWay(way, ways[i]!)),
    rails: columns.map((column, place) => carried(column, { rows, chosen, shared: rails[place]!, at })).filter((rail) => rail.rows > 0),
    costNano,
    leastNano,
    oneByOneNano,
    asked: terms.asked,
    weighed: (row) => ({ ways: byCost(ways[row]!), shut: shutTo(rows[row]!, terms, at) }),
    earliest: (row) => earliestOf(rows[row]!, terms, at),
  }
}

function byCost(known: readonly (RowWay | undefined)[]): WeighedRow['ways'] {
  const ways = known.flatMap((way) => (way ? [{ rail: way.rail, destination: way.destination, costNano: way.costNano }] : []))
  return ways.sort((a, b) => (a.costNano < b.costNano ? -1 : a.costNano > b.costNano ? 1 : 0))
}

function shutTo(row: WantedRow, terms: TermsOf, at: number): WeighedRow['shut'] {
  return row.destinations.flatMap((place, destination) => {
    const late = terms.of(row, place).filter((told) => isLate(row, told, at))
    const words = late.map(({ rail, seconds }) => ({ rail, detail: tooLate(goodFundsAt(seconds, at), row.deliverBy!) }))
    return [...terms.shut(row, place), ...words].map(({ rail, detail }) => ({ rail, destination, detail }))
  })
}

function isLate({ deliverBy }: WantedRow, { seconds }: RailTerms, at: number): boolean {
  return deliverBy !== undefined && goodFundsAt(seconds, at) > deliverBy
}

function earliestOf(row: WantedRow, terms: TermsOf, at: number): number | undefined {
  const times = row.destinations.flatMap((place) => terms.of(row, place).map(({ seconds }) => goodFundsAt(seconds, at)))
  return times.length === 0 ? undefined : Math.min(...times) // not money: a time
}

/** By each column the row's cheapest way; new rails become columns. */
function waysOf(row: WantedRow, terms: TermsOf, { columns, at }: Readonly<{ columns: Column[]; at: number }>): (RowWay | undefined)[] {
  const ways: (RowWay | undefined)[] = []
  for (const [destination, place] of row.destinations.entries()) {
    for (const told of terms.of(row, place)) {
      if (isLate(row, told, at)) continue
      let column = columns.findIndex(({ rail, asset }) => rail === told.rail && asset === told.asset)
      if (column < 0) column = columns.push({ rail: told.rail, asset: told.asset, availableNano: 0n }) - 1
      columns[column]!.availableNano = max(columns[column]!.availableNano, told.availableNano)
      const known = ways[column]
      if (!known || told.costNano < known.costNano) ways[column] = { ...told, destination }
    }
  }
  return ways
}

/** What a rail has for all: what it and our own books say that it can send; and what a list of the operator says that a batch costs. */
function sharedRail(
  context: PayoutContext,
  { rail, asset, availableNano }: Column,
  { asset: held, valuer, at }: Readonly<{ asset: WantedRow['amount'] | undefined; valuer: Valuer; at: number }>,
): SharedRail {
  const batch = context.feeListOf?.(rail, at)?.batch
  const [fixedNano, rowsPerFixed] = batch
    ? [whereAvailable(() => valuer.nano(batch.cost, 'up')) ?? 0n, Number.parseInt(`${batch.items}`, 10)]
    : [0n, 1] // not money: a count
  const sender = context.senders.find((one) => one.rail === rail && one.asset.id === asset)
  // A balance here has room for all.
  if (!sender || !held) return { fixedNano, rowsPerFixed, capNano: undefined }
  const { most } = reserveOf({ amount: held }, sender, context.books)
  return { fixedNano, rowsPerFixed, capNano: min(availableNano, valuer.nano(most, 'down')) }
}

/** What another way may cost less by before it is preferred: what the row gives up for the others, and a tenth of its cost. */
function plannedWay({ rail, destination, costNano }: RowWay, ways: readonly (RowWay | undefined)[]): PlannedWay {
  const least = ways.reduce((found, way) => (way ? min(found, way.costNano) : found), costNano)
  return { rail, destination, preferNano: costNano - least + costNano / HOLDS_ONE_IN, costNano }
}

type Carrying = Readonly<{ rows: readonly WantedRow[]; chosen: readonly (RowWay | undefined)[]; shared: SharedRail; at: number }>

function carried({ rail, asset }: Column, { rows, chosen, shared, at }: Carrying): PlannedRail {
  let [count, units, costNano, seconds] = [0, 0n, 0n, 0n]
  for (const [i, way] of chosen.entries()) {
    if (way?.rail !== rail || way.asset !== asset) continue
    count++
    units += rows[i]!.amount.units
    costNano += way.costNano
    seconds = max(seconds, way.seconds)
  }
  const files = BigInt(Math.ceil(count / shared.rowsPerFixed)) // not money: a count
  return { rail, rows: count, units, costNano, fixedNano: shared.fixedNano * files, fundsAt: goodFundsAt(seconds, at) }
}
