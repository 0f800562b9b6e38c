import { type Align, ledgerTable } from './ledger/ledgerTable.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/** What GET /v1/routing/learning says, as far as it is printed. */
type Times = Readonly<{ tries: number; p50_ms?: number; p90_ms?: number }>
type Rail = Readonly<{
  rail: string
  asset: string
  tries: number
  chance_ppm: number
  rail_ppm: number
  brier_ppm: number
  brier_of_rail_ppm: number
  ranges: readonly Readonly<{ up_to_ppm: number; tries: number; expected_ppm: number; paid_ppm: number }>[]
  paid: Times
  failed: Times
  pace_ppm: number
  fees?: Readonly<{ grade: string; payments: number; fixed_units: number; share_ppm: number; error_bps: number }>
}>
type Cell = Readonly<{ rail: string; asset: string; from: string; country?: string; band: number; chance_ppm: number; weight: number }>
export type LearnedAnswer = Readonly<{ open_tries: number; rails: readonly Rail[]; cells: readonly Cell[] }>

const PPM = 1_000_000
/** What each band of worth reaches to; the last has no end. */
const BANDS = ['0.10', '1', '10', '100', '1000', '10000', '100000']

/** Shows what earlier tries have taught, and how good the chances were that were reckoned with. */
export async function showLearned(o: Asked): Promise<number> {
  const learned = (await whichGateway(o).call('GET', '/v1/routing/learning')) as LearnedAnswer // The gateway's own answer.
  print(o, learned, () => learnedText(learned))
  return 0
}

/** Each rail with its calibration, and then the cells, for people. */
export function learnedText({ open_tries, rails, cells }: LearnedAnswer): string {
  if (rails.length === 0) return `nothing was learned yet; ${tries(open_tries)} under way`
  const cellTable = cells.length === 0 ? [] : ['', cellsText(cells)]
  return [...rails.flatMap((rail) => [...railLines(rail), '']), `${tries(open_tries)} under way`, ...cellTable].join('\n')
}

function railLines(rail: Rail): string[] {
  const { brier_ppm: ours, brier_of_rail_ppm: its, pace_ppm, fees } = rail
  const righter =
    ours < its ? 'what was learned is right more often' : ours > its ? "the rail's word is right more often" : 'they are alike'
  return [
    `${rail.rail} ${rail.asset}: ${tries(rail.tries)}, expected to pay ${percent(rail.chance_ppm)}, by its own word ${percent(rail.rail_ppm)}`,
    `  mean squared error (Brier) ${fraction(ours)}, of the rail's word ${fraction(its)}: ${righter}`,
    ...rangesText(rail.ranges),
    `  paid in ${timesText(rail.paid)}; failed in ${timesText(rail.failed)}; takes ${(pace_ppm / PPM).toFixed(2)} times what it says`, // not money: a pace
    ...(fees
      ? [
          `  fee ${fees.fixed_units} units and ${percent(fees.share_ppm)}, off by ${fees.error_bps} bps: ${fees.grade.replace('_', '-')}, from ${fees.payments} payments`,
        ]
      : []),
  ]
}

/** How reliable chances were: of the tries that were given so much, how many were paid. */
function rangesText(ranges: Rail['ranges']): string[] {
  const rows = ranges.map((range) => [
    percent(range.up_to_ppm),
    `${range.tries}`,
    percent(range.expected_ppm),
    percent(range.paid_ppm),
    `${range.paid_ppm >= range.expected_ppm ? '+' : ''}${((range.paid_ppm - range.expected_ppm) / 10_000).toFixed(2)}`, // not money: a difference of chances
  ])
  return table(['chance up to', 'tries', 'expected', 'paid', 'points'], rows, ['right', 'right', 'right', 'right', 'right']).map(
    (line) => `    ${line}`,
  )
}

function cellsText(cells: readonly Cell[]): string {
  const rows = cells.map(({ rail, asset, from, country, band, chance_ppm, weight }) => [
    `${rail} ${asset}`,
    from,
    country ?? '',
    BANDS[band] ?? 'more',
    percent(chance_ppm),
    `${weight}`,
  ])
  return table(['way', 'from', 'country', 'up to USD', 'pays', 'weight'], rows, ['left', 'left', 'left', 'right', 'right', 'right']).join(
    '\n',
  )
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], align: readonly Align[]): string[] {
  return ledgerTable(titles, rows, align).split('\n')
}

function timesText({ tries: count, p50_ms, p90_ms }: Times): string {
  return count === 0 || p50_ms === undefined || p90_ms === undefined
    ? 'no time known'
    : `${seconds(p50_ms)} s, nine of ten ${seconds(p90_ms)} s`
}

function tries(count: number): string {
  return count === 1 ? '1 try' : `${count} tries`
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(ms < 10_000 ? 2 : 0) // not money: a time
}

function percent(ppm: number): string {
  return `${(ppm / 10_000).toFixed(2)} %` // not money: a chance or a share
}

function fraction(ppm: number): string {
  return (ppm / PPM).toFixed(4) // not money: a squared error
}
