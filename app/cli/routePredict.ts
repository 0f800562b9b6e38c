import { type Align, ledgerTable } from './ledger/ledgerTable.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/** What GET /v1/routing/forecast says, as far as it is printed. */
type Bounds = Readonly<{ now: string; low: string; middle: string; high: string }>
type Rail = Readonly<{
  rail: string
  asset: string
  of: string
  unit: string
  seen: number
  grade: string
  foretold?: Bounds
  foretold_usd?: Bounds
  graded?: Readonly<{
    prices: number
    low_ppm: number
    middle_ppm: number
    high_ppm: number
    error_ppm: number
    error_of_last_ppm: number
  }>
}>
export type ForecastAnswer = Readonly<{ rails: readonly Rail[] }>

const TITLES = ['rail', 'what', 'unit', 'now', 'low', 'middle', 'high', 'grade', 'seen', 'within', 'error', 'of now']
const ALIGN: readonly Align[] = ['left', 'left', 'left', ...new Array<Align>(4).fill('right'), 'left', ...new Array<Align>(4).fill('right')]

/** Shows what the next hour will cost on each rail whose price moves, and how good such forecasts were. */
export async function showForecast(o: Asked): Promise<number> {
  const forecast = (await whichGateway(o).call('GET', '/v1/routing/forecast')) as ForecastAnswer // The gateway's own answer.
  print(o, forecast, () => forecastText(forecast))
  return 0
}

/** A row a rail, and one more in dollars where there is a rate. */
export function forecastText({ rails }: ForecastAnswer): string {
  if (rails.length === 0) return 'no price was seen yet'
  return ledgerTable(TITLES, rails.flatMap(rowsOf), ALIGN)
}

function rowsOf({ rail, of, unit, seen, grade, foretold, foretold_usd, graded }: Rail): string[][] {
  const met = graded
    ? [
        [graded.low_ppm, graded.middle_ppm, graded.high_ppm].map(percent).join('/'),
        percent(graded.error_ppm),
        percent(graded.error_of_last_ppm),
      ]
    : []
  const bounds = (said: Bounds | undefined) => (said ? [said.now, said.low, said.middle, said.high] : ['', '', '', ''])
  const first = [rail, of, unit, ...bounds(foretold), grade, `${seen}`, ...met]
  return [first, ...(foretold_usd ? [['', '', 'USD', ...bounds(foretold_usd)]] : [])]
}

function percent(ppm: number): string {
  return `${Math.round(ppm / 10_000)} %` // not money: a share
}
