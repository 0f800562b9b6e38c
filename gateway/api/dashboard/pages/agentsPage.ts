import { html, type Markup } from './markup.ts'
import { act, amount, facts, id, json, refusal, state, table, time } from './parts.ts'
import { type Listed, type Money, type Page, queryOf, read, type View } from './view.ts'

const PATH = '/dashboard/agents'

type Agent = Readonly<{
  id: string
  name: string
  status: 'active' | 'paused' | 'revoked'
  request_max: Money
  day_max: Money
  left_today: Money
  approval_above: Money | null
  payees: readonly string[] | null
  mandate: Readonly<{ budget_left: Money | null; uses_left: number | null }> | null
  created_at: string
  ends_at: string | null
}>
type Program = Readonly<{
  user_code: string
  name: string
  request_max: Money | null
  day_max: Money | null
  from: string
  expires_at: string
}>

/** What programs may spend of a balance: those that do, and one that shows a code and asks to. */
export async function agentsPage(view: View): Promise<Page> {
  const { code = '', party } = view.query
  const whose = view.party ?? party
  const agents = whose === undefined || whose === '' ? undefined : await read<Listed<Agent>>(view, `/v1/agents${queryOf({ party: whose })}`)
  const body = html`<h2>A program that shows a code</h2>${code === '' ? typeIn(view) : await waiting(view, code)}
<h2>Agents</h2>${view.operator && ofParty(whose)} ${agents?.problem && refusal(agents.problem)}
${table(
  'Agents',
  ['Name', 'Agent', 'State', 'A request', 'A day', 'Left today', 'Asks above', 'May pay', 'Mandate', 'Since (UTC)', 'Ends (UTC)', ''],
  (agents?.found?.data ?? []).map((one) => [
    one.name,
    id(one.id),
    state(one.status),
    amount(view, one.request_max),
    amount(view, one.day_max),
    amount(view, one.left_today),
    one.approval_above ? amount(view, one.approval_above) : 'nobody',
    one.payees?.join(', ') ?? 'anybody',
    mandate(view, one),
    time(one.created_at),
    time(one.ends_at),
    html`${json(`/v1/agents/${one.id}`)} ${changes(view, one)}`,
  ]),
  agents ? (agents.found ? undefined : '') : 'Name a party to see its agents.',
)}`
  return { title: 'Agents', lead: 'What may programs spend?', body }
}

/** What is left of it in all, and the tokens as they were given. */
function mandate(view: View, { id: agent, mandate: signed }: Agent): Markup | string {
  if (!signed) return 'none'
  const { budget_left: budget, uses_left: uses } = signed
  const left = [budget ? html`${amount(view, budget)} left` : '', uses === null ? '' : html` ${uses} payments left`]
  return html`${left} ${json(`/v1/agents/${agent}/mandate`)}`
}

function typeIn({ query }: View): Markup {
  return html`<form class="inline" action="${PATH}" method="get"><label>Code <input name="code" value="${query.code ?? ''}" placeholder="WDJB-MJHT" autocomplete="off" required maxlength="20"></label> <button>Look</button></form>`
}

/** What it asks for stands beside what it will have, which the person writes: who sends a link with a code can write any name and any sum. */
async function waiting(view: View, code: string): Promise<Markup> {
  const { found, problem } = await read<Program>(view, `/v1/device_codes/${encodeURIComponent(code)}`)
  if (!found) return html`${refusal(problem)} ${typeIn(view)}`
  const { user_code: shown, name, request_max: ofRequest, day_max: ofDay } = found
  const wanted = (money: Money | null) => (money ? amount(view, money) : 'does not say')
  const fields = [
    ...(view.operator ? [{ name: 'party', label: 'Of the party', hint: 'pa_…', required: true as const }] : []),
    { name: 'name', label: 'Name', value: name, required: true as const },
    { name: 'request_usd_max', label: 'Dollars a request', hint: '0.05', required: true as const },
    { name: 'day_usd_max', label: 'Dollars a day', hint: '2', required: true as const },
    { name: 'approval_above_usd', label: 'A person agrees above, in dollars', hint: 'nobody is asked' },
    { name: 'payees', label: 'May pay only (parties, with spaces between)', hint: 'anybody' },
  ]
  return html`<p>Grant this only to a program that you have started yourself, and that shows <strong>${shown}</strong> now. Its name is its own word.</p>
${facts([
  ['Calls itself', name],
  ['Asks from', found.from],
  ['Would spend on a request', wanted(ofRequest)],
  ['Would spend in a day', wanted(ofDay)],
  ['Waits until (UTC)', time(found.expires_at)],
])}
${act(view, `device/${shown}/grant`, 'Let it spend so much', fields)} ${act(view, `device/${shown}/deny`, 'Say no')}`
}

function ofParty(party: string | undefined): Markup {
  return html`<form class="inline" action="${PATH}" method="get"><label>Of the party <input name="party" value="${party ?? ''}" placeholder="pa_…" required></label> <button>Show</button></form>`
}

function changes(view: View, { id: agent, status }: Agent): Markup {
  if (status === 'revoked') return html``
  const other = status === 'active' ? (['pause', 'Pause'] as const) : (['resume', 'Resume'] as const)
  return html`${act(view, `agents/${agent}/${other[0]}`, other[1])} ${act(view, `agents/${agent}/revoke`, 'Revoke')}`
}
