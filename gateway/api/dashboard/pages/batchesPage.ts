import { html, type Markup } from './markup.ts'
import { act, amount, facts, filters, id, json, link, pager, refusal, state, table, time } from './parts.ts'
import type { Batch, BatchRow } from './shapes.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const PATH = '/dashboard/batches'
const SHOWN = 50
const STATES = ['processing', 'settled', 'partly_settled', 'failed', 'canceled'] as const

/** Payouts that were asked for in one call. */
export async function batchesPage(view: View): Promise<Page> {
  const { after, status, party } = view.query
  const listed = await read<Listed<Batch>>(view, `/v1/payout_batches${queryOf({ limit: `${SHOWN}`, after, status, party })}`)
  const body = html`${filters(PATH, [
    { name: 'status', label: 'State', value: status, options: STATES },
    ...(view.operator ? [{ name: 'party', label: 'Party', value: party, hint: 'pa_…' }] : []),
  ])}
${listed.problem && refusal(listed.problem)}
${table(
  'Batches of payouts',
  // A phone shows the first columns: how much, how far, and which.
  ['Amount', 'Rows', 'State', 'How far', 'Batch', 'When (UTC)', 'Whose', ''],
  (listed.found?.data ?? []).map((one) => [
    amount(view, one.amount),
    one.rows,
    state(one.status),
    countsOf(one),
    link(one.id),
    time(one.created_at),
    id(one.party),
    json(`/v1/payout_batches/${one.id}`),
  ]),
)}
${pager(PATH, view.query, listed.found?.next)}`
  return { title: 'Batches', lead: 'How far are many payouts of one call?', body }
}

/** One batch: how far it is, what was planned by rail, and what became of each row. */
export async function batchPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const { found: one, problem } = await read<Batch>(view, `/v1/payout_batches/${safe}`)
  const lead = 'Which way did each row go, and what did it cost?'
  if (!one) return { title: 'Batch of payouts', lead, body: refusal(problem) }
  const rowsPath = `/v1/payout_batches/${safe}/rows${queryOf({ limit: `${SHOWN}`, after: view.query.after })}`
  const rows = await read<Listed<BatchRow>>(view, rowsPath)
  const body = html`${facts([
    ['State', state(one.status)],
    ['How far', countsOf(one)],
    ['Amount', amount(view, one.amount)],
    ['Fee at most', amount(view, one.fee_max)],
    ['Good funds by', one.deliver_by && time(one.deliver_by)],
    ['Whose', id(one.party)],
    ['Asked for by', one.created_by],
    ['Created', time(one.created_at)],
    ['Ended', one.ended_at && time(one.ended_at)],
    ...Object.entries(one.metadata).map(([name, value]) => [`Metadata: ${name}`, value] as const),
  ])}
${one.counts.waiting > 0 && act(view, `batches/${one.id}/cancel`, 'Make no more payouts of it')}
${one.plan && planOf(view, one.plan)}
<section><h2>Its rows</h2>${rows.problem ? refusal(rows.problem) : rowsOf(view, rows.found.data)}
${pager(`${PATH}/${safe}`, view.query, rows.found?.next)}</section>
<p>${json(`/v1/payout_batches/${safe}`)} ${json(rowsPath)}</p>`
  return { title: `Batch ${one.id.slice(0, 40)}`, lead, body }
}

/** Those that there are, in words. */
function countsOf({ counts }: Batch): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.map(([what, count]) => `${count} ${what}`).join(', ')
}

function planOf(view: View, plan: NonNullable<Batch['plan']>): Markup {
  const one = plan.one_by_one_cost_usd === plan.cost_usd ? '' : `, and ${plan.one_by_one_cost_usd} USD if each row chose for itself`
  const none = plan.rows_without_way > 0 ? ` ${plan.rows_without_way} rows had no way then.` : ''
  return html`<section><h2>As it was planned</h2>
<p>Expected to cost ${plan.cost_usd} USD in full${one}. No plan costs less than ${plan.least_cost_usd} USD.${none}</p>
${table(
  'By rail',
  ['Rail', 'Rows', 'Amount', 'Expected cost, USD', 'Once beside that, USD', 'The last has good funds (UTC)'],
  plan.rails.map((rail) => [rail.rail, rail.rows, amount(view, rail.amount), rail.cost_usd, rail.fixed_cost_usd, time(rail.good_funds_at)]),
)}</section>`
}

/** A row's place is that in the request, from 0. */
function rowsOf(view: View, rows: readonly BatchRow[]): Markup {
  return table(
    'Rows',
    ['Row', 'Amount', 'State', 'Rail', 'Cost, USD', 'Expected, USD', 'Sent (UTC)', 'Why', 'Payout', 'Reference'],
    rows.map((row) => [
      row.row,
      row.amount ? amount(view, row.amount) : '',
      state(row.status),
      wayOf(row),
      row.cost_usd ?? '',
      row.expected_usd ?? '',
      row.sent_at ? time(row.sent_at) : '',
      row.code ? [row.code, row.detail].filter(Boolean).join(': ') : link(row.decision_id),
      // One that waits is no payout yet, and has no page.
      row.payout && row.status !== 'waiting' ? link(row.payout) : '',
      row.reference ?? '',
    ]),
  )
}

function wayOf({ rail, planned_rail: planned }: BatchRow): Markup {
  if (rail === undefined) return html`${planned && html`<span class="quiet">${planned} is planned</span>`}`
  return html`${rail}${planned !== undefined && planned !== rail && html` <span class="quiet">${planned} was planned</span>`}`
}
