import { NANO_USD } from '../../costs/nanoUsd.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { PayoutsPlan } from '../deciding/planPayouts.ts'
import type { PartWay, PlannedWay } from '../payoutState/payout.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import type { BatchContext } from './context.ts'
import type { PlanData } from './facts.ts'
import { amountOf, type Judged } from './judgeRows.ts'

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
  const [places, prefer] = [new Array<number>(rows).fill(-1), new Array<string>(rows).fill('0')]
  for (const [i, way] of plan.ways.entries()) {
    if (!way) continue
    const { rail, destination, preferNano } = way
    const name = `${rail} ${destination}`
    const place = known.get(name) ?? ways.push({ rail, destination }) - 1
    known.set(name, place)
    places[placeOf(i)] = place
    prefer[placeOf(i)] = preferNano.toString()
  }
  return { ...sumsOf(plan), ways, rows: places, prefer }
}

function sumsOf({ rails, costNano, leastNano, oneByOneNano, asked, ways }: PayoutsPlan): Omit<PlanData, 'ways' | 'rows' | 'prefer'> {
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
  return way && { ...way, preferNano: BigInt(plan?.prefer[row] ?? '0') }
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

type Previewing = Readonly<{ source: AccountPath; asset: Asset; judged: Judged }>

/** How the good rows of a batch that nobody has made would be paid now. */
export async function previewOf({ payouts }: Pick<BatchContext, 'payouts'>, { source, asset, judged }: Previewing): Promise<PlanView> {
  const rows = judged.good.map((row) => ({ amount: amountOf(row, asset), destinations: row.destinations }))
  return viewPlan(sumsOf(await payouts.plan({ source, rows })), asset)
}
