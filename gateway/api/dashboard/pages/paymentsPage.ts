import { flows, slicesOf } from './charts.ts'
import { unitsOf } from './decimals.ts'
import { html } from './markup.ts'
import { amount, json, link, pager, refusal, state, table, time } from './parts.ts'
import type { Intent } from './shapes.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const SHOWN = 50
const SLICES = 24

/** Money in: what sellers wanted paid, and what became of it. */
export async function paymentsPage(view: View): Promise<Page> {
  const listed = await read<Listed<Intent>>(view, `/v1/payment_intents${queryOf({ limit: `${SHOWN}`, after: view.query.after })}`)
  const found = listed.found?.data ?? []
  const next = listed.found?.next ?? (listed.found?.has_more ? found.at(-1)?.id : undefined)
  const rows = found.flatMap(({ paid, amount: { amount: price } }) =>
    paid ? [{ at: paid.at, name: paid.rail, units: unitsOf(price) ?? 0n }] : [],
  )
  const body = html`<form class="filters" action="/dashboard/find" method="get"><label>By its id <input name="id" placeholder="pi_…, rc_… or po_…" required autocomplete="off"></label> <button>Show its story</button></form>
${listed.problem && refusal(listed.problem)}
${flows(`USD in by rail, these ${rows.length} paid intents`, slicesOf(rows, SLICES), [...new Set(rows.map(({ name }) => name))], 'USD')}
${table(
  'Payment intents',
  ['When (UTC)', 'Payment', 'State', 'Price', 'Paid by', 'Credited', 'Receipt', 'About', ''],
  found.map((one) => [
    time(one.created_at),
    link(one.id),
    html`${state(one.status)} ${one.exception && one.exception !== 'none' && state(one.exception)}`,
    amount(view, one.amount),
    one.paid?.rail ?? '',
    amount(view, one.paid?.credited),
    link(one.paid?.receipt),
    [one.description, one.order_id].filter(Boolean).join(' · '),
    json(`/v1/payment_intents/${one.id}`),
  ]),
)}
${pager('/dashboard/payments', view.query, next)}`
  return { title: 'Payments', lead: 'What was wanted, what came, and what became of it?', body }
}
