import type { RailName } from '../../ports/railName.ts'
import { UPPER_PPM } from './calibration.ts'
import { lastUsed } from './cell.ts'
import type { FeeFit } from './feeLine.ts'
import type { Learned } from './learned.ts'
import type { RailRow } from './railRow.ts'
import { countOf, quantileMs } from './timeSketch.ts'
import { usualWord } from './words.ts'

const PPM = 1_000_000
/** Cells that are shown, the last used of them. */
const CELLS_SHOWN_MAX = 200
/** Whose chances are shown: those of somebody who has tried nothing. */
const NEWCOMER = 'newcomer'

type Times = Readonly<{ tries: number; p50Ms?: number; p90Ms?: number; p99Ms?: number }>

/** What was learned of one rail and asset, for operators. Chances and mean squared errors (Brier) in whole millionths. */
type RailReport = Readonly<{
  rail: string
  asset: string
  tries: number
  chancePpm: number
  railPpm: number
  brierPpm: number
  brierOfRailPpm: number
  /** Tries by the chance that was reckoned, and how often those were paid. Ranges without tries are left out. */
  ranges: readonly Readonly<{ upToPpm: number; tries: number; expectedPpm: number; paidPpm: number }>[]
  paid: Times
  failed: Times
  /** How often the seconds that the rail says a payment takes; 1000000 is as it says. */
  pacePpm: number
  /** What the rail charged, where it told: a fixed part in the smallest units of its asset, and a share of the amount; `good` ones are reckoned with. */
  fees?: Readonly<{ grade: 'good' | 'thin' | 'non_linear'; payments: number; fixedUnits: number; sharePpm: number; errorBps: number }>
}>

/** What was learned of one pair of assets, country and band of worth. `weight`: how many outcomes it rests on, older ones weighing less. */
type CellReport = Readonly<{ rail: string; asset: string; from: string; country?: string; band: number; chancePpm: number; weight: number }>

export type LearningReport = Readonly<{ openTries: number; rails: readonly RailReport[]; cells: readonly CellReport[] }>

/** All that was learned of rails, and the cells that were used last. Payees are their parties' affair and are not shown. */
export function reportOf(learned: Learned, now: number): LearningReport {
  const { cells, rails, open } = learned.tables
  const keys = [...cells]
    .filter(([key]) => !rails.has(key))
    .sort(([, a], [, b]) => lastUsed(b) - lastUsed(a))
    .slice(0, CELLS_SHOWN_MAX)
  return {
    openTries: open.size,
    rails: [...rails].map(([key, row]) => railReport(key, row, learned, now)),
    cells: keys.map(([key]) => cellReport(key, learned, now)),
  }
}

function railReport(key: string, row: RailRow, learned: Learned, now: number): RailReport {
  const [rail, asset] = key.split(' ') as [RailName, string] // As `railKey` wrote it.
  const chance = learned.expected({ rail: key, band: key }, { owner: NEWCOMER, now }).rail.mean
  const fees = learned.keeping.feeFit({ rail, to: asset }, NEWCOMER)
  const { count, brier, brierOfRails, ranges } = row.calibration
  return {
    rail,
    asset,
    tries: count,
    chancePpm: ppm(chance),
    railPpm: ppm(usualWord(row.words, NEWCOMER) ?? 1),
    brierPpm: ppm(brier / count),
    brierOfRailPpm: ppm(brierOfRails / count),
    ranges: ranges.flatMap((range, i) =>
      range.count === 0
        ? []
        : [
            {
              upToPpm: UPPER_PPM[i]!,
              tries: range.count,
              expectedPpm: ppm(range.chances / range.count),
              paidPpm: ppm(range.paid / range.count),
            },
          ],
    ),
    paid: timesOf(row.paid),
    failed: timesOf(row.failed),
    pacePpm: ppm(learned.keeping.pace({ rail, to: asset }, NEWCOMER)),
    ...(fees && { fees: feeReport(fees) }),
  }
}

function feeReport({ grade, count, fixed, share, errorBps }: FeeFit): NonNullable<RailReport['fees']> {
  return { grade, payments: whole(count), fixedUnits: whole(fixed), sharePpm: ppm(share), errorBps: whole(errorBps) }
}

function cellReport(key: string, learned: Learned, now: number): CellReport {
  const [rail, asset, from, country, band] = key.split(' ') as [string, string, string, string, string] // As `bandKey` wrote it.
  const { mean, weight } = learned.expected({ rail: `${rail} ${asset}`, band: key }, { owner: NEWCOMER, now }).band
  const what = { rail, asset, from, band: Number.parseInt(band, 10), chancePpm: ppm(mean), weight: whole(weight) } // not money: a place
  return country === '-' ? what : { ...what, country }
}

function timesOf(sketch: RailRow['paid']): Times {
  const tries = whole(countOf(sketch))
  const at = (thousandths: number) => whole(quantileMs(sketch, thousandths)!)
  return tries === 0 ? { tries } : { tries, p50Ms: at(500), p90Ms: at(900), p99Ms: at(990) }
}

function ppm(chance: number): number {
  return whole(chance * PPM)
}

function whole(number: number): number {
  return Math.round(number) // not money: a chance, a count or a time
}
