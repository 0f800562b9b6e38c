import { bars } from './charts.ts'
import { decimalOf, shortened, times, unitsOf } from './decimals.ts'
import { decidedPayouts, decisionsOf } from './decisionsPage.ts'
import { html, type Markup } from './markup.ts'
import { filters, link, pager, refusal, state, table } from './parts.ts'
import { isExpected, predictedUnits, realisedUnits } from './realised.ts'
import type { Decision, Payout } from './shapes.ts'
import type { Page, View } from './view.ts'

const SHOWN = 50
const PLACES = 6
/** What a card would take, unless the operator says something else. */
const USUAL = { percent: '2.9', fixed: '0.30' }
const HUNDREDTH = 10n ** 16n

type Row = Readonly<{
  payout: Payout
  decision: Decision
  worth: bigint
  predicted: bigint | undefined
  realised: bigint | undefined
  baseline: bigint
}>

/** What routing saved against a price that the operator names, and how right the router's own forecasts were. */
export async function savingsPage(view: View): Promise<Page> {
  const { percent: wanted, fixed: named } = view.query
  const [percent, fixed] = [unitsOf(wanted) ?? unitsOf(USUAL.percent)!, unitsOf(named) ?? unitsOf(USUAL.fixed)!]
  const listed = await decidedPayouts(view, SHOWN, { status: 'settled' })
  const rows = decisionsOf(listed.found?.data ?? []).map(({ payout, decision }): Row => {
    const worth = unitsOf(decision.worth_usd) ?? 0n
    const baseline = times(worth, (percent * HUNDREDTH) / 10n ** 18n) + fixed
    return { payout, decision, worth, predicted: predictedUnits(decision), realised: realisedUnits(view, { payout, decision }), baseline }
  })
  const body = html`${filters('/dashboard/savings', [
    { name: 'percent', label: 'Baseline: percent', value: decimalOf(percent) },
    { name: 'fixed', label: 'and USD a payment', value: decimalOf(fixed) },
  ])}
<p>Baseline of a payment = ${decimalOf(percent)} % of its worth + ${decimalOf(fixed)} USD. Saved = baseline − fee paid. Where a rail tells its fees later, as
banks do, the expected fee is reckoned with until then.</p>
${listed.problem && refusal(listed.problem)}
${byRail(rows)}
<h2>Each payout, in USD</h2>
${table(
  'Savings',
  ['Payout', 'Rail', 'Worth', 'Baseline', 'Fee predicted', 'Fee realised', 'Forecast was off by', 'Saved', 'Why'],
  rows.map(({ payout, decision, worth, baseline, predicted, realised }) => [
    link(payout.id),
    payout.rail ?? '',
    usd(worth),
    usd(baseline),
    usd(predicted),
    isExpected(decision) ? `${usd(realised)}, expected` : usd(realised),
    offBy({ decision, predicted, realised }),
    realised === undefined ? 'not comparable' : usd(baseline - realised),
    link(decision.id),
  ]),
  'No settled payout with a decision on this page.',
)}
${pager('/dashboard/savings', view.query, listed.found?.next)}`
  return { title: 'Savings', lead: 'What did routing save, and were its forecasts right?', body }
}

function offBy({ decision, predicted, realised }: Pick<Row, 'decision' | 'predicted' | 'realised'>): string {
  if (isExpected(decision)) return 'not told yet'
  return predicted !== undefined && realised !== undefined ? usd(realised - predicted) : 'not comparable'
}

const usd = (units: bigint | undefined): string => (units === undefined ? 'unknown' : shortened(units, PLACES))

function byRail(rows: readonly Row[]): Markup {
  const known = rows.filter((row): row is Row & { realised: bigint } => row.realised !== undefined)
  if (known.length === 0) return html``
  const rails = [...new Set(known.map(({ payout }) => payout.rail ?? ''))]
  const sums = rails.map((rail) => {
    const of = known.filter(({ payout }) => payout.rail === rail)
    const sum = (pick: (row: Row & { realised: bigint }) => bigint) => of.reduce((total, row) => total + pick(row), 0n)
    return {
      rail,
      count: of.length,
      paid: sum(({ realised }) => realised),
      predicted: sum(({ predicted }) => predicted ?? 0n),
      baseline: sum(({ baseline }) => baseline),
    }
  })
  const pictured = sums.flatMap(({ rail, baseline, paid }) => [
    { name: `${rail}: baseline`, units: baseline, shown: `${usd(baseline)} USD` },
    { name: `${rail}: paid`, units: paid, shown: `${usd(paid)} USD` },
  ])
  return html`<h2>By rail, in USD</h2>${bars('Fees paid beside the baseline', pictured)}
${table(
  'By rail',
  ['Rail', 'Payouts', 'Fees predicted', 'Fees realised', 'Baseline', 'Saved', 'State'],
  sums.map(({ rail, count, paid, predicted, baseline }) => [
    rail,
    count,
    usd(predicted),
    usd(paid),
    usd(baseline),
    usd(baseline - paid),
    state(baseline >= paid ? 'settled' : 'failed'),
  ]),
)}`
}
