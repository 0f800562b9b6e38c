import { html, type Markup } from './markup.ts'
import { act, amount, facts, filters, id, json, link, pager, refusal, state, table, time } from './parts.ts'
import type { StandingOrder } from './shapes.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const PATH = '/dashboard/orders'
const SHOWN = 50
const STATES = ['active', 'paused', 'ended'] as const
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** Balances that are paid out by a calendar. */
export async function ordersPage(view: View): Promise<Page> {
  const { after, status, reference, party } = view.query
  const asked = { limit: `${SHOWN}`, after, status, reference, party }
  const listed = await read<Listed<StandingOrder>>(view, `/v1/standing_orders${queryOf(asked)}`)
  const body = html`${filters(PATH, [
    { name: 'status', label: 'State', value: status, options: STATES },
    { name: 'reference', label: 'Reference, or a payout', value: reference, hint: 'po_…' },
    ...(view.operator ? [{ name: 'party', label: 'Party', value: party, hint: 'pa_…' }] : []),
  ])}
${listed.problem && refusal(listed.problem)}
${table(
  'Standing orders',
  ['Order', 'State', 'When (UTC)', 'Pays', 'To', 'Reference', 'Next run (UTC)', 'Last run', 'Whose', ''],
  (listed.found?.data ?? []).map((one) => [
    link(one.id),
    state(one.status),
    calendarOf(one),
    paysOf(view, one),
    kindOf(one),
    one.reference,
    one.next_run_at ? time(one.next_run_at) : '',
    lastOf(one),
    id(one.party),
    json(`/v1/standing_orders/${one.id}`),
  ]),
)}
${pager(PATH, view.query, listed.found?.next)}`
  return { title: 'Standing orders', lead: 'What is paid out by itself, and when?', body }
}

/** One order: what it pays, what became of each run, and what can be done. */
export async function orderPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const { found: one, problem } = await read<StandingOrder>(view, `/v1/standing_orders/${safe}`)
  const lead = 'What did each run pay?'
  if (!one) return { title: 'Standing order', lead, body: refusal(problem) }
  const told = await read<Listed<Told>>(view, `/v1/events${queryOf({ subject: one.id, limit: `${SHOWN}`, after: view.query.after })}`)
  const body = html`${facts([
    ['State', state(one.status)],
    ['When', calendarOf(one)],
    ['Pays', paysOf(view, one)],
    ['Fee at most', amount(view, one.fee_max)],
    ['To', Object.values(one.destination).join(' ')],
    ['Reference', one.reference],
    ['Whose', id(one.party)],
    ['Created', time(one.created_at)],
    ['Next run', one.next_run_at && time(one.next_run_at)],
    ['Last run', lastOf(one)],
    ...Object.entries(one.metadata).map(([name, value]) => [`Metadata: ${name}`, value] as const),
  ])}
${changes(view, one)}
<section><h2>Its runs, and its changes</h2>${told.problem ? refusal(told.problem) : runs(view, told.found.data)}
${pager(`${PATH}/${safe}`, view.query, told.found?.has_more ? told.found.next : null)}</section>
<p>${json(`/v1/standing_orders/${safe}`)} ${json(`/v1/events?subject=${safe}`)}</p>`
  return { title: `Standing order ${one.id.slice(0, 40)}`, lead, body }
}

/** What has ended stays so, and a run that was made stays paid. */
function changes(view: View, { id: order, status }: StandingOrder): Markup {
  if (status === 'ended') return html``
  const [word, label] = status === 'active' ? (['pause', 'Pause it'] as const) : (['resume', 'Let it run again'] as const)
  return html`${act(view, `orders/${order}/${word}`, label)} ${act(view, `orders/${order}/end`, 'End it for good')}`
}

/** Of events of the order, the oldest first. */
function runs(view: View, events: readonly Told[]): Markup {
  return table(
    'Runs',
    ['When (UTC)', 'What', 'Payout', 'Amount', 'Why'],
    events.map(({ created_at: at, type, data }) => [time(at), whatOf(type, data), ...paidOf(view, data)]),
  )
}

/** As the catalog has the events of an order. */
type Told = Readonly<{ created_at: string; type: string; data: Ran }>
type Ran = Readonly<{
  payout?: string | null
  amount?: StandingOrder['keep']
  code?: string
  detail?: string
  needs_approval?: boolean
  status?: string
}>

function paidOf(view: View, { payout, amount: paid, code, detail, needs_approval: waits }: Ran) {
  const why = waits ? 'another person must agree' : [code, detail].filter(Boolean).join(': ')
  return [payout ? link(payout) : '', paid ? amount(view, paid) : '', why] as const
}

const WORDS: Readonly<Record<string, string>> = {
  'standing_order.created': 'made',
  'standing_order.ran': 'paid out',
  'standing_order.skipped': 'nothing to pay',
  'standing_order.failed': 'failed',
}

/** A change says what it was changed to. */
function whatOf(type: string, { status, needs_approval: waits }: Ran): Markup {
  return state(waits ? 'waiting' : (status ?? WORDS[type] ?? type))
}

function calendarOf({ every, day, hour }: StandingOrder): string {
  if (every === 'hour') return 'every hour'
  const at = `at ${String(hour ?? 0).padStart(2, '0')}:00`
  if (every === 'week') return `every ${DAYS[(day ?? 1) - 1]} ${at}`
  return every === 'month' ? `day ${day} of the month ${at}` : `every day ${at}`
}

function paysOf(view: View, { amount: fixed, keep, when_above: above }: StandingOrder): Markup {
  const what = fixed ? amount(view, fixed) : html`all above ${amount(view, keep)}`
  return html`${what} ${fixed && html`<span class="quiet">keeps ${amount(view, keep)}</span>`} ${above && html`<span class="quiet">once there is more than ${amount(view, above)}</span>`}`
}

function kindOf({ destination }: StandingOrder): string {
  return String(destination.kind ?? '').replaceAll('_', ' ')
}

function lastOf({ last_run: last }: StandingOrder): Markup {
  if (!last) return html`<span class="quiet">none yet</span>`
  const came = last.failed ? state('failed') : last.payout ? link(last.payout) : html`<span class="quiet">nothing to pay</span>`
  return html`${time(last.at)} ${came}${last.failed && html` ${last.failed}`}`
}
