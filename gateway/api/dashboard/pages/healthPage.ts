import { html, type Markup } from './markup.ts'
import { act, amount, facts, id, json, link, refusal, state, table, time } from './parts.ts'
import type { Payout } from './shapes.ts'
import { type Got, type Listed, type Page, read, type View } from './view.ts'

const STUCK_SHOWN = 50
/** A payment whose end is unknown for longer is one that a person should see. */
const UNKNOWN_MS_MAX = 300_000

type Ready = Readonly<{
  status: string
  rails: readonly Readonly<{ rail: string; state: string; since: string; reason?: string; detail?: string }>[]
}>
type Lag = Readonly<{
  block: number
  head: number
  blocks: number
  seconds: number
  complete: boolean
  failure: string | null
  money: readonly Readonly<{ asset: string; units: string }>[]
}>
type Item = Readonly<{
  id: string
  rail: string
  amount: Readonly<{ asset: string; amount: string }>
  reference: string
  payer: string
  remittance: string
  note: string
  at: string
  suggestions: readonly Readonly<Record<string, unknown>>[]
}>
type Deed = Readonly<{
  id: string
  what: string
  status: string
  amount: Readonly<{ asset: string; amount: string }>
  by: string
  reason: string
}>
type Suspense = Readonly<{
  data: readonly Item[]
  waiting: readonly Deed[]
  exceptions: readonly unknown[]
  not_collected: readonly Readonly<Record<string, unknown>>[]
  problems: readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>

/** What needs a person: rails that are closed, payments whose end is unknown, money of nobody, problems, and how far reads are behind. */
export async function healthPage(view: View, now: number): Promise<Page> {
  const [ready, lag, suspense, payouts] = await Promise.all([
    read<Ready>(view, '/readyz'),
    read<Lag>(view, '/v1/ledger/lag'),
    read<Suspense>(view, '/v1/suspense'),
    read<Listed<Payout>>(view, `/v1/payouts?limit=${STUCK_SHOWN}&stuck=true`),
  ])
  const body = html`<section><h2>Rails</h2>${ready.problem ? refusal(ready.problem) : railsOf(ready.found)}</section>
<section><h2>Unknown for longer than five minutes</h2>${unknownOf(view, payouts, now)}</section>
<section><h2>Behind the journal</h2>${lag.problem ? refusal(lag.problem) : lagOf(lag.found)}</section>
${suspense.problem ? refusal(suspense.problem) : suspenseOf(view, suspense.found)}
<section><h2>Does everything agree?</h2><form action="/dashboard/ledger" method="get"><input type="hidden" name="verify" value="1"><button>Verify now</button></form></section>
<p>${json('/readyz')} ${json('/v1/ledger/lag')} ${json('/v1/suspense')}</p>`
  return { title: 'Health', lead: 'Are promises kept, and what needs a person?', body }
}

function railsOf({ status, rails }: Ready): Markup {
  return html`<p>${state(status)}</p>${table(
    'Rails',
    ['Rail', 'State', 'Since (UTC)', 'Why'],
    rails.map((rail) => [
      rail.rail,
      state(rail.state === 'open' ? 'ready' : rail.state),
      time(rail.since),
      [rail.reason, rail.detail].filter(Boolean).join(': '),
    ]),
  )}`
}

function unknownOf(view: View, { found, problem }: Got<Listed<Payout>>, now: number): Markup {
  if (!found) return refusal(problem)
  const old = found.data.filter(({ created_at: at }) => now - Date.parse(at) > UNKNOWN_MS_MAX)
  return table(
    'Unknown payouts',
    ['Since (UTC)', 'Payout', 'State', 'Amount', 'Tries', ''],
    old.map((one) => [
      time(one.created_at),
      link(one.id),
      state(one.status),
      amount(view, one.amount),
      one.attempts?.length ?? 0,
      json(`/v1/payouts/${one.id}`),
    ]),
    'None.',
  )
}

function lagOf({ block, head, blocks, seconds, failure, money }: Lag): Markup {
  return facts([
    ['Reads are', html`${state(blocks === 0 ? 'ready' : 'running')} ${blocks} blocks and ${seconds} s behind`],
    ['At block', `${block} of ${head}`],
    ['Money behind', money.map(({ asset, units }) => `${units} units of ${asset}`).join(', ') || 'none'],
    ['Stopped because', failure],
  ])
}

function suspenseOf(view: View, { data, waiting, exceptions, not_collected: lost, problems }: Suspense): Markup {
  return html`<section><h2>Money of nobody</h2>${table(
    'Money of nobody',
    ['Since (UTC)', 'Item', 'Rail', 'Amount', 'Payer', 'Reference', 'It may be', 'Give it to'],
    data.map((item) => [
      time(item.at),
      id(item.id),
      item.rail,
      amount(view, item.amount),
      item.payer,
      [item.reference, item.remittance, item.note].filter(Boolean).join(' · '),
      item.suggestions.map((one) => Object.values(one).join(' ')).join(', '),
      act(
        view,
        'suspense/assign',
        'Assign',
        [
          { name: 'to', label: 'Party or intent', hint: 'pa_… or pi_…', required: true },
          { name: 'reason', label: 'Because', required: true },
          { name: 'evidence', label: 'Shown by', required: true },
        ],
        { item: item.id },
      ),
    ]),
    'None.',
  )}
${table(
  'Waiting for a second operator',
  ['Act', 'What', 'Amount', 'Asked by', 'Because'],
  waiting.map((deed) => [id(deed.id), deed.what.replaceAll('_', ' '), amount(view, deed.amount), deed.by, deed.reason]),
  'Nothing waits for a second operator.',
)}</section>
<section><h2>Problems</h2>${table(
    'Problems',
    ['Rail', 'What', 'Detail'],
    problems.map(({ rail, what, detail }) => [rail, what, detail]),
    'None.',
  )}
${table(
  'Exceptions',
  ['Exception'],
  exceptions.map((one) => [html`<code>${JSON.stringify(one)}</code>`]),
  'No exceptions.',
)}
${table(
  'Not collected',
  ['Payment'],
  lost.map((one) => [html`${link(String(one.receipt ?? ''))} <code>${JSON.stringify(one)}</code>`]),
  'Everything was collected.',
)}</section>`
}
