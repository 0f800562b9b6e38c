import { html } from './markup.ts'
import { act, facts, filters, id, json, link, pager, refusal, state, table, time } from './parts.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

type Endpoint = Readonly<{
  id: string
  url: string
  types: readonly string[] | null
  description: string | null
  status: string
  disabled_because: string | null
  failing_since: string | null
  party: string | null
  operator: string | null
  created_at: string
}>
type Delivery = Readonly<{
  event: string
  type: string
  subject: string
  status: string
  next_try_at: string | null
  tries: readonly Readonly<{ at: string; took_ms: number; status: number | null; detail: string }>[]
}>

const TRIES_SHOWN = 3

/** Where events are brought. */
export async function webhooksPage(view: View): Promise<Page> {
  const listed = await read<Listed<Endpoint>>(view, `/v1/webhook_endpoints${queryOf({ limit: '100', after: view.query.after })}`)
  const body = html`${listed.problem && refusal(listed.problem)}
${table(
  'Webhook endpoints',
  ['Endpoint', 'URL', 'State', 'Events', 'Whose', 'About', 'Made (UTC)', ''],
  (listed.found?.data ?? []).map((one) => [
    link(one.id),
    one.url,
    html`${state(one.status)} ${one.disabled_because} ${one.failing_since && html`nothing arrives since ${time(one.failing_since)}`}`,
    one.types?.join(', ') ?? 'all',
    one.party ?? one.operator ?? '',
    one.description ?? '',
    time(one.created_at),
    json(`/v1/webhook_endpoints/${one.id}`),
  ]),
)}
${pager('/dashboard/webhooks', view.query, listed.found?.next)}`
  return { title: 'Webhooks', lead: 'Who is told of what happens, and did it arrive?', body }
}

/** One endpoint: each event that it was brought, with its tries. */
export async function webhookPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const { after, status } = view.query
  const [endpoint, listed] = await Promise.all([
    read<Endpoint>(view, `/v1/webhook_endpoints/${safe}`),
    read<Listed<Delivery>>(view, `/v1/webhook_endpoints/${safe}/deliveries${queryOf({ limit: '50', after, status })}`),
  ])
  if (!endpoint.found) return { title: 'Webhook endpoint', lead: 'Did it arrive?', body: refusal(endpoint.problem) }
  const { url, status: at, types, disabled_because: why, created_at: made } = endpoint.found
  const body = html`${facts([
    ['URL', url],
    ['State', html`${state(at)} ${why}`],
    ['Events', types?.join(', ') ?? 'all'],
    ['Made', time(made)],
  ])}
${filters(`/dashboard/webhooks/${safe}`, [{ name: 'status', label: 'Deliveries that are', value: status, options: ['waiting', 'delivered', 'dead'] }])}
${listed.problem && refusal(listed.problem)}
${table(
  'Deliveries',
  ['Event', 'Type', 'Of', 'State', 'Tries', 'Next try', ''],
  (listed.found?.data ?? []).map((one) => [
    html`${id(one.event)} ${json(`/v1/events/${one.event}`)}`,
    one.type,
    link(one.subject),
    state(one.status),
    html`${one.tries.length}${one.tries.slice(-TRIES_SHOWN).map((t) => html`<br>${time(t.at)} ${t.status ?? 'no answer'} in ${t.took_ms} ms ${t.detail}`)}`,
    one.next_try_at ? time(one.next_try_at) : '',
    act(view, `webhooks/${safe}/replay`, 'Bring it again', [], { event: one.event }),
  ]),
)}
${pager(`/dashboard/webhooks/${safe}`, view.query, listed.found?.next)}
<p>${json(`/v1/webhook_endpoints/${safe}`)} ${json(`/v1/webhook_endpoints/${safe}/deliveries`)}</p>`
  return { title: 'Webhook endpoint', lead: 'Did it arrive?', body }
}
