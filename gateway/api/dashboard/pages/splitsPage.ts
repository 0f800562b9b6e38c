import { bars } from './charts.ts'
import { decimalOf, unitsOf } from './decimals.ts'
import { html, type Markup } from './markup.ts'
import { codeOf, facts, id, json, link, pager, refusal, state, table, time } from './parts.ts'
import { accountLink } from './paymentPage.ts'
import type { Account, Row, Verification } from './shapes.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const SHOWN = 100

type Payee = Readonly<{ party: string; account: string; paid_by: 'contract' | 'books'; shares: string }>
type Split = Readonly<{ id: string; split_id: string; root: string; total_shares: string; payees: readonly Payee[]; created_at: string }>
type Chain = Readonly<{
  rail: string
  asset: string
  undivided: string
  dust: string
  entitlements: readonly Readonly<{ party: string; account: string; amount: string }>[]
  to_books: Readonly<{ state: string; since: string | null }> | null
}>
type Held = Split & Readonly<{ chains: readonly Chain[] }>

/** Every table of shares. */
export async function splitsPage(view: View): Promise<Page> {
  const listed = await read<Listed<Split>>(view, `/v1/splits${queryOf({ after: view.query.after })}`)
  const found = (listed.found?.data ?? []).slice(0, SHOWN)
  const body = html`${listed.problem && refusal(listed.problem)}
${table(
  'Splits',
  ['Made (UTC)', 'Split', 'Payees', 'Shares in all', ''],
  found.map((one) => [time(one.created_at), link(one.id), one.payees.length, one.total_shares, json(`/v1/splits/${one.id}`)]),
)}
${pager('/dashboard/splits', view.query, listed.found?.next)}`
  return { title: 'Splits', lead: 'Who is owed what?', body }
}

/** One table: what each payee was credited, has withdrawn and is owed; and on request the chain's own word beside the ledger's. */
export async function splitPage(view: View): Promise<Page> {
  const safe = encodeURIComponent(view.id)
  const { found, problem } = await read<Held>(view, `/v1/splits/${safe}`)
  if (!found) return { title: 'Split', lead: 'Who is owed what?', body: refusal(problem) }
  const [shares, verified] = await Promise.all([
    view.operator
      ? read<Listed<Account>>(view, `/v1/ledger/balances${queryOf({ prefix: `share:${found.split_id}:`, limit: '1000' })}`)
      : undefined,
    view.operator && view.query.compare ? read<Verification>(view, '/v1/verify') : undefined,
  ])
  const total = unitsOf(found.total_shares) ?? 0n
  const body = html`${facts([
    ['Made', time(found.created_at)],
    ['On chain', id(found.split_id)],
    ['Root', id(found.root)],
  ])}
<h2>Shares of ${found.total_shares}</h2>
${bars(
  'Shares',
  found.payees.map(({ party, shares: weight }) => ({
    name: party,
    units: unitsOf(weight) ?? 0n,
    shown: `${weight} of ${decimalOf(total)}`,
  })),
)}
${found.chains.map((chain) => chainOf(view, found, chain, shares?.found?.data ?? []))}
${view.operator && compared(found, verified?.found)}
<p>${json(`/v1/splits/${safe}`)}</p>`
  return { title: 'Split', lead: 'Who is owed what, and does the chain say the same?', body }
}

function chainOf(
  view: View,
  split: Held,
  { rail, asset, undivided, dust, entitlements, to_books: toBooks }: Chain,
  accounts: readonly Account[],
): Markup {
  const code = codeOf(view, { asset })
  const rows = entitlements.map(({ party, account, amount: owed }) => {
    const path = `share:${split.split_id}:${account}`
    // The gateway's own account has one row for all payees in the books.
    if (split.payees.some((row) => row.party === party && row.account === account && row.paid_by === 'books'))
      return [html`<code>${party}</code>`, 'in the books', 'in the books', owed, view.operator ? accountLink(path, code) : '']
    const booked = accounts.find((one) => one.account === path && one.asset_id === asset)
    return [
      html`<code>${party}</code>`,
      booked?.credits ?? (view.operator ? '0' : 'only for operators'),
      booked?.debits ?? (view.operator ? '0' : 'only for operators'),
      owed,
      view.operator ? accountLink(path, code) : '',
    ]
  })
  return html`<section class="tree"><h2>${rail}, ${code}</h2>
<p>Undivided in the pot: <strong>${undivided}</strong> ${code}. Left over by rounding: <strong>${dust}</strong> ${code}.</p>
${toBooks && html`<p>For payees in the books: ${state(toBooks.state)}${toBooks.since && html`, since ${time(toBooks.since)}`}.</p>`}
${table(`Shares on ${rail}`, ['Payee', 'Credited', 'Withdrawn', 'Owed', 'Entries'], rows)}</section>`
}

function compared({ id: split }: Held, verified: Verification | undefined): Markup {
  const again = html`<form action="/dashboard/splits/${split}" method="get"><input type="hidden" name="compare" value="1"><button>Compare with the chains now</button></form>`
  if (!verified) return html`<h2>On chain beside the ledger</h2>${again}`
  const rows = verified.splits.filter(({ account }) => account.includes(split))
  return html`<h2>On chain beside the ledger, ${time(verified.at)}</h2>${rowsTable('On chain beside the ledger', rows)}${again}`
}

export function rowsTable(label: string, rows: readonly Row[]): Markup {
  return table(
    label,
    ['Account', 'Asset', 'Ledger', 'Rail says', 'Difference', 'Verdict'],
    rows.map((row) => [row.account, row.asset, row.ledger, row.rail, row.difference, state(row.verdict)]),
    'Nothing to compare.',
  )
}
