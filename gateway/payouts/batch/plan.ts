import { NANO_USD } from '../../costs/nanoUsd.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { PayoutsPlan, WeighedRow } from '../deciding/planPayouts.ts'
import type { PartWay, PlannedWay } from '../payoutState/payout.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import type { BatchContext } from './context.ts'
import type { PlanData } from './facts.ts'
import { amountOf, type Judged } from './judgeRows.ts'
import { deadlineOf } from './lateRows.ts'

/** A plan as the API shows it. Costs in USD: what is expected, with waiting and risk, and not only fees. */
export type PlanView = Readonly<{
  rails: readonly Readonly<{
    rail: string
    rows: number
    amount: MoneyView
    costUsd: string
    /** What it costs once beside that, such as a file of a bank. */
    fixedCostUsd: string
    /** When the last of its payees has good funds, of what is sent at once. */
    goodFundsAt: string
  }>[]
  /** What the rails cost, what they cost once, and `unpaidCostUsd`. */
  costUsd: string
  /** What not paying the rows without a way is reckoned to cost. */
  unpaidCostUsd: string
  /** No plan by the same terms costs less. */
  leastCostUsd: string
  oneByOneCostUsd: string
  rowsWithoutWay: number
  termsAsked: number
}>

/** A plan as the journal keeps it, for `rows` rows that were sent; `placeOf` names the row of each that was planned. */
export function planData(plan: PayoutsPlan, { rows, placeOf }: Readonly<{ rows: number; placeOf: (i: number) => number }>): PlanData {
  const ways: PartWay[] = []
  const known = new Map<string, number>()
  const [places, prefer, costs] = [new Array<number>(rows).fill(-1), new Array<string>(rows).fill('0'), new Array<string>(rows).fill('0')]
  for (const [i, way] of plan.ways.entries()) {
    if (!way) continue
    const { rail, destination, preferNano, costNano } = way
    const name = `${rail} ${destination}`
    const place = known.get(name) ?? ways.push({ rail, destination }) - 1
    known.set(name, place)
    places[placeOf(i)] = place
    prefer[placeOf(i)] = preferNano.toString()
    costs[placeOf(i)] = `${costNano}`
  }
  return { ...sumsOf(plan), ways, rows: places, prefer, costs }
}

function sumsOf({
  rails,
  costNano,
  leastNano,
  oneByOneNano,
  asked,
  ways,
}: PayoutsPlan): Omit<PlanData, 'ways' | 'rows' | 'prefer' | 'costs'> {
  return {
    rails: rails.map(({ rail, rows, units, costNano: cost, fixedNano, fundsAt }) => {
      return { rail, rows, units: units.toString(), costNano: cost.toString(), fixedNano: fixedNano.toString(), fundsAt }
    }),
    costNano: costNano.toString(),
    leastNano: leastNano.toString(),
    oneByOneNano: oneByOneNano.toString(),
    without: ways.filter((way) => way === undefined).length,
    asked,
  }
}

/** What a plan says of a row. */
export function plannedFor(plan: PlanData | undefined, row: number): PlannedWay | undefined {
  const way = plan?.ways[plan.rows[row] ?? -1]
  const cost = plan?.costs?.[row]
  return way && { ...way, preferNano: BigInt(plan?.prefer[row] ?? '0'), ...(cost !== undefined && { costNano: BigInt(cost) }) }
}

export function viewPlan(
  { rails, costNano, leastNano, oneByOneNano, without, asked }: Omit<PlanData, 'ways' | 'rows' | 'prefer'>,
  asset: Asset,
): PlanView {
  const usd = (nano: string | bigint) => formatAmount(money(NANO_USD, BigInt(nano)))
  const paidNano = rails.reduce((sum, { costNano: cost, fixedNano }) => sum + BigInt(cost) + BigInt(fixedNano), 0n)
  return {
    rails: rails.map(({ rail, rows, units, costNano: cost, fixedNano, fundsAt }) => ({
      rail,
      rows,
      amount: viewMoney(money(asset, BigInt(units))),
      costUsd: usd(cost),
      fixedCostUsd: usd(fixedNano),
      goodFundsAt: new Date(fundsAt).toISOString(),
    })),
    costUsd: usd(costNano),
    unpaidCostUsd: usd(BigInt(costNano) - paidNano),
    leastCostUsd: usd(leastNano),
    oneByOneCostUsd: usd(oneByOneNano),
    rowsWithoutWay: without,
    termsAsked: asked,
  }
}

type Previewing = Readonly<{ source: AccountPath; asset: Asset; judged: Judged; deliverBy?: number | undefined }>

/** A row of a preview: the way that is planned for it, where there is one; every way that it has, the cheapest first; and what shuts the others. */
type PlannedRowView = Readonly<{
  row: number
  rail?: string
  destination?: number
  ways: readonly Readonly<{ rail: string; destination: number; costUsd: string }>[]
  shut: WeighedRow['shut']
}>

export type PreviewView = Readonly<{
  plan: PlanView
  /** The first of the good rows. */
  plannedRows: readonly PlannedRowView[]
  /** The first of those that no way would pay, and why. */
  unplannedRows: readonly Readonly<{ row: number; detail: string }>[]
}>

/** Rows of a preview that are shown one by one, and of those without a way. */
const SHOWN_MAX = { planned: 200, unplanned: 100 }

/** How the good rows of a batch that nobody has made would be paid now. */
export async function previewOf(
  { payouts }: Pick<BatchContext, 'payouts'>,
  { source, asset, judged: { good }, deliverBy }: Previewing,
): Promise<PreviewView> {
  const rows = good.map((row) => ({
    amount: amountOf(row, asset),
    destinations: row.destinations,
    deliverBy: deadlineOf(row, { deliverBy }),
  }))
  const plan = await payouts.asking(source, () => payouts.plan({ source, rows }))
  const without = plan.ways.flatMap((way, i) => (way ? [] : [i])).slice(0, SHOWN_MAX.unplanned)
  return {
    plan: viewPlan(sumsOf(plan), asset),
    plannedRows: good.slice(0, SHOWN_MAX.planned).map(({ row }, i) => plannedRow(row, { planned: plan.ways[i], ...plan.weighed(i) })),
    unplannedRows: without.map((i) => ({ row: good[i]!.row, detail: whyNone(plan.weighed(i)) })),
  }
}

function plannedRow(row: number, { planned, ways, shut }: WeighedRow & Readonly<{ planned: PlannedWay | undefined }>): PlannedRowView {
  const shown = ways.map(({ rail, destination, costNano }) => {
    return { rail, destination, costUsd: formatAmount(money(NANO_USD, costNano)) }
  })
  return { row, ...(planned && { rail: planned.rail, destination: planned.destination }), ways: shown, shut }
}

function whyNone({ ways, shut }: WeighedRow): string {
  const full = ways.map(({ rail }) => `${rail}: no room beside the other rows`)
  return [...full, ...shut.map(({ rail, detail }) => `${rail}: ${detail}`)].join('; ')
}
