import { contested, disputeOf } from './disputeParts.ts'
import { html, type Markup } from './markup.ts'
import { act, amount, facts, id, json, link, refusal, state, table, time } from './parts.ts'
import { givenBack, refundOf } from './refundParts.ts'
import type { Dispute, Entry, Event, Intent, Payment, Payout, Refund } from './shapes.ts'
import { storyOf } from './storyOf.ts'
import { type Got, type Listed, type Page, read, type View } from './view.ts'

const EVENTS_SHOWN = 100

/** The story of one payment in or out: every step with its evidence, and the entries of the ledger that stand for it. */
export async function paymentPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const [kind, about] = await whatOf(view, safe)
  const told = await read<Listed<Event>>(view, `/v1/events?subject=${safe}&limit=${EVENTS_SHOWN}`)
  const receipt = kind === 'intent' ? (about.found as Intent | undefined)?.paid?.receipt : undefined
  const given =
    kind === 'intent' || kind === 'payment' ? await read<Listed<Refund>>(view, `/v1/refunds?reference=${safe}&limit=100`) : undefined
  const disputed =
    kind === 'intent' || kind === 'payment' ? await read<Listed<Dispute>>(view, `/v1/disputes?reference=${safe}&limit=100`) : undefined
  const traced = view.operator ? await read<{ entries: readonly Entry[] }>(view, `/v1/ledger/payments/${safe}`) : undefined
  const body = html`${about.problem ? refusal(about.problem) : detailsOf(view, kind, about.found)}
<section><h2>Its story</h2>${told.problem ? refusal(told.problem) : timeline(told.found.data)}${receipt && html`<p>What was paid has a story of its own: ${link(receipt)}.</p>`}</section>
${given?.found && given.found.data.length > 0 && html`<section><h2>Given back</h2>${givenBack(view, given.found.data)}</section>`}
${disputed?.found && disputed.found.data.length > 0 && html`<section><h2>Contested</h2>${contested(view, disputed.found.data)}</section>`}
${traced && html`<section><h2>In the ledger</h2>${traced.problem ? html`<p class="quiet">No entry stands for it.</p>` : entriesOf(traced.found.entries)}</section>`}
<p>${json(pathOf(kind, safe))} ${json(`/v1/events?subject=${safe}`)} ${view.operator && json(`/v1/ledger/payments/${safe}`)}</p>`
  return { title: `${NAMES[kind]} ${view.id.slice(0, 40)}`, lead: 'What became of it, step by step?', body }
}

type Kind = keyof typeof NAMES
const KIND_OF_ID: Readonly<Record<string, Kind>> = { pi_: 'intent', rc_: 'payment', po_: 'payout', rf_: 'refund', dp_: 'dispute' }
const NAMES = {
  intent: 'Payment intent',
  payment: 'Payment',
  payout: 'Payout',
  refund: 'Refund',
  dispute: 'Dispute',
  other: 'Story of',
} as const

function pathOf(kind: Kind, safe: string): string {
  if (kind === 'intent') return `/v1/payment_intents/${safe}`
  if (kind === 'payout') return `/v1/payouts/${safe}`
  if (kind === 'refund') return `/v1/refunds/${safe}`
  if (kind === 'dispute') return `/v1/disputes/${safe}`
  return kind === 'payment' ? `/v1/payments/${safe}` : `/v1/exchanges/${safe}`
}

async function whatOf(view: View, safe: string): Promise<[Kind, Got<unknown>]> {
  const kind = KIND_OF_ID[view.id.slice(0, 3)] ?? 'other'
  return [kind, await read<unknown>(view, pathOf(kind, safe))]
}

function detailsOf(view: View, kind: Kind, found: unknown): Markup {
  if (kind === 'intent') return intentOf(view, found as Intent) // Each as the route of its kind answers.
  if (kind === 'payment') return receivedOf(view, found as Payment)
  if (kind === 'refund') return refundOf(view, found as Refund)
  if (kind === 'dispute') return disputeOf(view, found as Dispute)
  return kind === 'payout' ? payoutOf(view, found as Payout) : html``
}

function intentOf(view: View, one: Intent): Markup {
  return html`${facts([
    ['State', html`${state(one.status)} ${one.exception && one.exception !== 'none' && state(one.exception)}`],
    ['Price', amount(view, one.amount)],
    ['Seller', one.seller],
    ['About', one.description],
    ['Order', one.order_id],
    ['For', link(one.split ?? one.party)],
    ['Created', time(one.created_at)],
    ['Why these offers', one.decision && link(one.decision)],
    ['Payable until', time(one.expires_at)],
    ['Paid', one.paid && html`${amount(view, one.paid.amount)} by ${one.paid.rail}, credited ${amount(view, one.paid.credited)}`],
    ['Receipt', one.paid && html`${link(one.paid.receipt)} <a href="/receipts/${one.paid.receipt}">as a page</a>`],
    ...Object.entries(one.metadata ?? {}).map(([name, value]) => [`Metadata: ${name}`, value] as const),
    ['Page', html`<a href="${one.page}">where a person pays it</a>`],
  ])}
${one.status === 'open' && act(view, `intents/${one.id}/cancel`, 'Cancel it')}
<h2>Offered</h2>${table(
    'Offers',
    ['Rail', 'Amount', 'Full price', 'Costs to receive', 'Until'],
    one.offers.map((o) => [o.rail, amount(view, o.amount), amount(view, o.full_price), amount(view, o.rail_cost), time(o.expires_at)]),
    'No rail was offered.',
  )}
${
  one.surplus &&
  one.surplus.length > 0 &&
  table(
    'Kept',
    ['Rail', 'Amount', 'Because'],
    one.surplus.map((s) => [s.rail, amount(view, s.amount), state(s.reason)]),
  )
}`
}

function receivedOf(view: View, one: Payment): Markup {
  const proofs = Object.entries(one.evidence).filter((pair): pair is [string, string] => pair[1] !== null)
  return html`${facts([
    ['State', state(one.status)],
    ['Why', one.reason],
    ['For', one.resource],
    ['Price', amount(view, one.price)],
    ['Paid', html`${amount(view, one.paid)} by ${one.rail}`],
    ['Payee', one.payee && link(one.payee)],
    ['Created', time(one.created_at)],
    ['Changed', time(one.changed_at)],
    ['Receipt', html`<a href="/receipts/${one.id}">as a page</a>`],
    ...proofs.map(([name, value]) => [`Evidence: ${name.replaceAll('_', ' ')}`, link(value)] as const),
  ])}
${
  one.parts &&
  one.parts.length > 0 &&
  html`<h2>Shared</h2>${table(
    'Shares',
    ['To', 'Amount'],
    one.parts.map((part) => [link(part.to), part.amount]),
  )}`
}`
}

function payoutOf(view: View, one: Payout): Markup {
  return html`${facts([
    ['State', state(one.status)],
    ['Amount', amount(view, one.amount)],
    ['From', one.source],
    ['To', one.destinations.map((to) => Object.values(to).join(' ')).join(', or ')],
    ['Reference', one.reference],
    ['Asked by', one.created_by],
    ['Created', time(one.created_at)],
    ['Rail', one.rail],
    ['Fee', one.fee && amount(view, one.fee)],
    ['Evidence', one.evidence && id(one.evidence.id)],
    ['Why that rail', one.decision_id && link(one.decision_id)],
    ['Why not', one.failure?.code],
    ['Netted', one.netting && `with ${one.netting.payouts} in ${one.netting.net}`],
  ])}
${
  one.attempts &&
  html`<h2>Tries</h2>${table(
    'Attempts',
    ['Sent', 'Rail', 'Outcome', 'Amount', 'Fee at most', 'Fee', 'Why', 'Evidence'],
    one.attempts.map((a) => [
      time(a.sent_at),
      a.rail,
      state(a.outcome),
      amount(view, a.amount),
      amount(view, a.fee_max),
      amount(view, a.fee),
      [a.reason, a.detail].filter(Boolean).join(': '),
      a.evidence ? id(a.evidence.id) : '',
    ]),
    'None yet.',
  )}`
}`
}

function timeline(events: readonly Event[]): Markup {
  if (events.length === 0) return html`<p class="quiet">Nothing was told of it yet, or not to this key.</p>`
  return html`<ol class="story">${events.map((event) => {
    const { step, evidence } = storyOf(event)
    return html`<li>${time(event.created_at)} <strong>${step}</strong> <span class="quiet">${event.type}</span>${facts(evidence.map(([name, value]) => [name, link(value)] as const))}${json(`/v1/events/${event.id}`)}</li>`
  })}</ol>`
}

export function entriesOf(entries: readonly Entry[]): Markup {
  return html`${entries.map(
    (entry) =>
      html`<h3>${link(entry.id)} in block ${entry.block}, ${time(entry.at)}</h3>${table(
        `Legs of ${entry.id}`,
        ['Kind', 'Amount', 'Debit', 'Credit'],
        entry.changes.map((leg) => [
          leg.kind,
          `${leg.amount} ${leg.asset}`,
          accountLink(leg.debit, leg.asset),
          accountLink(leg.credit, leg.asset),
        ]),
      )}`,
  )}`
}

export function accountLink(path: string, asset: string): Markup {
  const to = new URLSearchParams({ path, asset }).toString()
  return html`<a href="/dashboard/ledger/accounts?${to}">${path.length > 48 ? `${path.slice(0, 30)}…${path.slice(-12)}` : path}</a>`
}
