import { flows, slicesOf } from './charts.ts'
import { unitsOf } from './decimals.ts'
import { listFilters, listPath, railRows } from './lists.ts'
import { html, type Markup } from './markup.ts'
import { amount, json, link, pager, refusal, state, table, time } from './parts.ts'
import type { Intent, Payment } from './shapes.ts'
import { type Listed, type Page, read, type View } from './view.ts'

const SHOWN = 50
const SLICES = 24
const PATH = '/dashboard/payments'
const FIND = html`<form class="filters" action="/dashboard/find" method="get"><label>By its id <input name="id" placeholder="pi_…, rc_… or po_…" required autocomplete="off"></label> <button>Show its story</button></form>`

/** Money in: intents, or requests that were paid, and what became of each. */
export async function paymentsPage(view: View): Promise<Page> {
  const requests = view.query.of === 'requests'
  const body = html`${FIND}
<p class="tabs"><a href="${PATH}"${!requests && html` aria-current="true"`}>Payment intents</a> <a href="${PATH}?of=requests"${requests && html` aria-current="true"`}>Every receipt</a></p>
${requests ? await requestsOf(view) : await intentsOf(view)}`
  return { title: 'Payments', lead: 'What was wanted, what came, and what became of it?', body }
}

async function intentsOf(view: View): Promise<Markup> {
  const listed = await read<Listed<Intent>>(view, listPath('/v1/payment_intents', view, { limit: `${SHOWN}` }))
  const found = listed.found?.data ?? []
  const rows = found.flatMap(({ paid, amount: { amount: price } }) =>
    paid ? [{ at: paid.at, name: paid.rail, units: unitsOf(price) ?? 0n }] : [],
  )
  return html`${listFilters(PATH, view, { states: ['open', 'settled', 'canceled', 'expired'], metadata: true })}
${listed.problem && refusal(listed.problem)}
${flowsIn(view, rows, 'paid intents')}
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
${pager(PATH, view.query, listed.found?.next)}`
}

async function requestsOf(view: View): Promise<Markup> {
  const listed = await read<Listed<Payment>>(view, listPath('/v1/payments', view, { limit: `${SHOWN}` }))
  const found = listed.found?.data ?? []
  const rows = found
    .filter(({ price }) => price.asset === 'USD')
    .map(({ created_at: at, rail, price }) => ({ at, name: rail, units: unitsOf(price.amount) ?? 0n }))
  const states = ['held', 'collecting', 'settled', 'failed', 'refund_due', 'refunded']
  return html`${listFilters(PATH, view, { states, hidden: { of: 'requests' } })}
${listed.problem && refusal(listed.problem)}
${flowsIn(view, rows, 'payments')}
${table(
  'Payments',
  ['When (UTC)', 'Payment', 'State', 'Price', 'Paid', 'Rail', 'For', ''],
  found.map((one) => [
    time(one.created_at),
    link(one.id),
    state(one.status),
    amount(view, one.price),
    amount(view, one.paid),
    one.rail,
    one.resource,
    json(`/v1/payments/${one.id}`),
  ]),
)}
${pager(PATH, view.query, listed.found?.next)}`
}

function flowsIn(view: View, rows: readonly Readonly<{ at: string; name: string; units: bigint }>[], of: string): Markup {
  return flows(slicesOf(rows, SLICES), {
    label: `USD in by rail, these ${rows.length} ${of}`,
    names: [...new Set(rows.map(({ name }) => name))],
    unit: 'USD',
    rowsOf: (rail) => railRows(PATH, view, rail),
  })
}
