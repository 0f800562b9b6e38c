import { html, type Markup } from './markup.ts'
import { act, id, json, link, pager, refusal, state, table, time } from './parts.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

type Key = Readonly<{
  id: string
  name: string
  status: string
  party: string | null
  operator: string | null
  can: Readonly<Record<string, string>> | null
  addresses: readonly string[] | null
  ends_with: string | null
  created_at: string
  ends_at: string | null
  last_used_at: string | null
}>
type Act = Readonly<{
  id: string
  at: string
  party: string | null
  operator: string | null
  person: string | null
  role: string | null
  key: string | null
  from: string
  what: string
  resources: readonly string[]
  status: number
}>
type Party = Readonly<{
  id: string
  name: string
  balances: readonly Readonly<{ code: string; available: string; held: string }>[]
  created_at: string
}>

/** Who may do what: keys, and the parties that they are of. */
export async function keysPage(view: View): Promise<Page> {
  const { after, parties_after: partiesAfter, acts_after: actsAfter } = view.query
  const [keys, acts, parties] = await Promise.all([
    read<Listed<Key>>(view, `/v1/keys${queryOf({ limit: '50', after })}`),
    read<Listed<Act>>(view, `/v1/acts${queryOf({ limit: '50', after: actsAfter })}`),
    view.operator ? read<Listed<Party>>(view, `/v1/parties${queryOf({ limit: '50', after: partiesAfter })}`) : undefined,
  ])
  const own = view.party === undefined ? undefined : await read<Party>(view, `/v1/parties/${view.party}`)
  const shown = parties?.found?.data ?? (own?.found ? [own.found] : [])
  const body = html`<h2>Keys</h2>${keys.problem && refusal(keys.problem)}
${table(
  'Keys',
  ['Name', 'Key', 'State', 'Whose', 'May', 'From', 'Last used (UTC)', 'Ends (UTC)', ''],
  (keys.found?.data ?? []).map((key) => [
    key.name,
    html`${id(key.id)} ${key.ends_with && html`<span class="quiet">…${key.ends_with}</span>`}`,
    state(key.status),
    key.party ?? key.operator ?? '',
    key.can === null
      ? 'all that its holder may'
      : Object.entries(key.can)
          .map(([what, verb]) => `${verb} ${what.replaceAll('_', ' ')}`)
          .join(', '),
    key.addresses?.join(', ') ?? 'anywhere',
    time(key.last_used_at),
    time(key.ends_at),
    html`${json(`/v1/keys/${key.id}`)} ${(key.status === 'active' || key.status === 'ending') && act(view, `keys/${key.id}/revoke`, 'Revoke')}`,
  ]),
)}
${pager('/dashboard/keys', view.query, keys.found?.next)}
<h2>Parties</h2>${parties?.problem && refusal(parties.problem)} ${own?.problem && refusal(own.problem)}
${table(
  'Parties',
  ['Name', 'Party', 'Available', 'Held', 'Since (UTC)', ''],
  shown.map((party) => [
    party.name,
    id(party.id),
    party.balances.map((b) => `${b.available} ${b.code}`).join(', '),
    party.balances.map((b) => `${b.held} ${b.code}`).join(', '),
    time(party.created_at),
    json(`/v1/parties/${party.id}`),
  ]),
)}
${parties?.found?.next && html`<nav class="pager" aria-label="Pages of parties"><a href="/dashboard/keys${queryOf({ parties_after: parties.found.next })}">More parties</a></nav>`}
<h2>Acts</h2>${acts.problem ? refusal(acts.problem) : actsOf(acts.found)}
<p class="quiet">People who operate this gateway, and their roles, stand in its configuration.</p>`
  return { title: 'Keys and people', lead: 'Who may do what?', body }
}

/** Who changed what, the newest first. */
function actsOf({ data, next }: Listed<Act>): Markup {
  return html`${table(
    'Acts',
    ['When (UTC)', 'Who', 'What', 'Of', 'Answered', 'From'],
    data.map((one) => [
      time(one.at),
      [one.person, one.role, one.operator ?? one.party].filter(Boolean).join(', '),
      one.what,
      html`${one.resources.map((of) => html`${link(of)} `)}`,
      one.status,
      one.from,
    ]),
  )}${next && html`<nav class="pager" aria-label="Pages of acts"><a href="/dashboard/keys${queryOf({ acts_after: next })}">Older acts</a></nav>`}`
}
