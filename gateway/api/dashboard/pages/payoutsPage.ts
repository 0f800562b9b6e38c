import { flows, slicesOf } from './charts.ts'
import { unitsOf } from './decimals.ts'
import { listFilters, listPath, railRows } from './lists.ts'
import { html } from './markup.ts'
import { amount, codeOf, json, link, pager, refusal, state, table, time } from './parts.ts'
import type { Payout } from './shapes.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const SHOWN = 50
const SLICES = 24
const PATH = '/dashboard/payouts'
const STATES = ['collecting', 'processing', 'outcome_unknown', 'settled', 'partly_settled', 'failed', 'returned']

/** Money out: every payout with its rail, its fee and why that rail. */
export async function payoutsPage(view: View): Promise<Page> {
  const { after, stuck } = view.query
  // Those that are stuck are another list, which is asked nothing else.
  const path = stuck ? `/v1/payouts${queryOf({ limit: `${SHOWN}`, after, stuck })}` : listPath('/v1/payouts', view, { limit: `${SHOWN}` })
  const listed = await read<Listed<Payout>>(view, path)
  const found = listed.found?.data ?? []
  const body = html`<p class="tabs"><a href="${PATH}"${!stuck && html` aria-current="true"`}>All</a> <a href="${PATH}?stuck=true"${stuck && html` aria-current="true"`}>Those that their rail will not end</a></p>
${!stuck && listFilters(PATH, view, { states: STATES })}
${listed.problem && refusal(listed.problem)}
${payoutFlows(view, found)}
${table(
  'Payouts',
  // As with decisions, a phone shows three columns: what, by which rail, and what became of it.
  ['Amount', 'Rail', 'State', 'When (UTC)', 'Payout', 'To', 'Fee', 'Why', 'Reference', ''],
  found.map((one) => [
    amount(view, one.amount),
    one.rail ?? '',
    state(one.status),
    time(one.created_at),
    link(one.id),
    html`<span class="places">${placesOf(one)}</span>`,
    amount(view, one.fee),
    link(one.decision_id),
    one.reference,
    json(`/v1/payouts/${one.id}`),
  ]),
)}
${pager(PATH, view.query, listed.found?.next)}`
  return { title: 'Payouts', lead: 'What goes out, on which rail, and what did it cost?', body }
}

function placesOf({ destinations }: Pick<Payout, 'destinations'>): string {
  return destinations.map((one) => String(one.kind ?? '').replaceAll('_', ' ')).join(', or ')
}

/** By rail over time, one picture for each asset. */
function payoutFlows(view: View, payouts: readonly Payout[]) {
  const paid = payouts.filter(({ rail }) => rail !== undefined)
  const codes = [...new Set(paid.map(({ amount: money }) => codeOf(view, money)))]
  return codes.map((code) => {
    const of = paid.filter((one) => codeOf(view, one.amount) === code)
    const rows = of.map((one) => ({ at: one.created_at, name: one.rail!, units: unitsOf(one.amount.amount) ?? 0n }))
    return flows(slicesOf(rows, SLICES), {
      label: `${code} out by rail, these ${of.length} payouts`,
      names: [...new Set(rows.map(({ name }) => name))],
      unit: code,
      rowsOf: (rail) => railRows(PATH, view, rail),
    })
  })
}
