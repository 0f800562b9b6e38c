import { line } from './charts.ts'
import { unitsOf } from './decimals.ts'
import { html, type Markup } from './markup.ts'
import { codeOf, facts, filters, json, link, refusal, state, table, time } from './parts.ts'
import { accountLink, entriesOf } from './paymentPage.ts'
import type { Account, Change, Entry, Verification } from './shapes.ts'
import { rowsTable } from './splitsPage.ts'
import { type Listed, type Page, queryOf, read, type View } from './view.ts'

const ACCOUNTS_SHOWN = 200
const ENTRIES_SHOWN = 100

/** Does it balance? Accounts under a path, now or at a past time; sums per asset and the comparison with each rail when it is asked for. */
export async function ledgerPage(view: View): Promise<Page> {
  const { prefix, at, verify } = view.query
  const [listed, verified] = await Promise.all([
    read<Listed<Account>>(view, `/v1/ledger/balances${queryOf({ prefix, at, limit: `${ACCOUNTS_SHOWN}` })}`),
    verify ? read<Verification | { state: 'running' }>(view, '/v1/verify') : undefined,
  ])
  const found = listed.found?.data ?? []
  const body = html`<section id="verification"><h2>Trial balance</h2>
${verified ? verdictOf(view, verified.found, verified.problem && refusal(verified.problem)) : html`<p>Reads the whole journal again: every block's hash, every entry, the sum of each asset, and what each rail says.</p>`}
<form action="/dashboard/ledger" method="get" data-verify><input type="hidden" name="verify" value="1"><button>Verify now</button> <span role="status" class="quiet"></span></form></section>
<section><h2>Accounts</h2>
${filters('/dashboard/ledger', [
  { name: 'prefix', label: 'Path begins with', value: prefix, hint: 'party:' },
  { name: 'at', label: 'As it was at', value: at, hint: '2026-11-24T12:00:00Z' },
])}
${listed.problem && refusal(listed.problem)}
${table(
  'Accounts',
  ['Account', 'Asset', 'Debits', 'Credits', 'Held, debit', 'Held, credit', 'Changes'],
  found.map((one) => [
    accountLink(one.account, one.asset),
    one.asset,
    one.debits,
    one.credits,
    one.debits_pending,
    one.credits_pending,
    one.changes,
  ]),
  'No account begins so.',
)}
${found.length === ACCOUNTS_SHOWN && html`<p class="quiet">The first ${ACCOUNTS_SHOWN} are shown. A longer path shows others.</p>`}
<p>${json(`/v1/ledger/balances${queryOf({ prefix, at })}`)} ${json('/v1/balances')}</p></section>`
  return { title: 'Ledger', lead: 'Does it balance, with itself and with every rail?', body }
}

function verdictOf(view: View, found: Verification | Readonly<{ state: 'running' }> | undefined, problem: Markup | undefined): Markup {
  if (found === undefined) return problem ?? html``
  if (!('sums' in found)) return html`<p role="status">${state('running')} The journal is long: ask again.</p>`
  return html`<p role="status">${state(found.ok ? 'equal' : 'break')} <strong>${found.ok ? 'Verified: every balance agrees.' : 'Not in order: see the rows.'}</strong> ${time(found.at)}</p>
<p>${found.journal.blocks} blocks, hash chain ${state(found.journal.verdict)} ${found.journal.detail}</p>
${table(
  'Sums of each asset',
  ['Asset', 'Debits', 'Credits', 'Difference', 'Verdict'],
  found.sums.map((sum) => [
    codeOf(view, sum),
    sum.debits,
    sum.credits,
    (BigInt(sum.credits) - BigInt(sum.debits)).toString(),
    state(sum.verdict),
  ]),
)}
<h3>Rails</h3>${rowsTable('Rails', found.rails)}
<h3>Splits</h3>${rowsTable('Splits', found.splits)}
<h3>Money of nobody</h3>${rowsTable('Suspense', found.suspense)}`
}

/** One account: how its balance came to be what it is, and each change. */
export async function accountPage(view: View): Promise<Page> {
  const { path = '', asset = '', before } = view.query
  const query = queryOf({ path, asset, before, limit: `${ENTRIES_SHOWN}` })
  const { found, problem } = await read<{ account: Account; data: readonly Change[] }>(view, `/v1/ledger/history${query}`)
  if (!found) return { title: 'Account', lead: path, body: refusal(problem) }
  const { account, data } = found
  const balances = data.map((change) => unitsOf(change.credit === path ? change.credit_balance : change.debit_balance) ?? 0n)
  const oldest = data.length === ENTRIES_SHOWN ? data.at(-1)?.n : undefined
  const body = html`${facts([
    ['Asset', account.asset],
    ['Debits', account.debits],
    ['Credits', account.credits],
    ['Held', `${account.debits_pending} debit, ${account.credits_pending} credit`],
    ['Changes', account.changes],
  ])}
${line(`Balance (credits less debits) over these ${data.length} changes`, balances.toReversed(), account.asset)}
${table(
  'Changes',
  ['When (UTC)', 'Kind', 'Amount', 'From', 'To', 'Balance after', 'Entry', 'Of'],
  data.map((change) => [
    time(change.at),
    change.kind,
    `${change.amount} ${change.asset}`,
    accountLink(change.debit, change.asset),
    accountLink(change.credit, change.asset),
    change.credit === path ? change.credit_balance : change.debit_balance,
    change.entry ? link(change.entry) : '',
    change.payment ? link(change.payment) : '',
  ]),
)}
${oldest !== undefined && html`<nav class="pager" aria-label="Pages"><a href="/dashboard/ledger/accounts${queryOf({ path, asset, before: `${oldest}` })}">Older</a></nav>`}
<p>${json(`/v1/ledger/history${query}`)}</p>`
  return { title: 'Account', lead: path, body }
}

/** One entry with its legs. */
export async function entryPage(view: View): Promise<Page> {
  const path = `/v1/ledger/entries/${encodeURIComponent(view.id)}`
  const { found, problem } = await read<Entry>(view, path)
  if (!found) return { title: 'Entry', lead: 'Its legs', body: refusal(problem) }
  return {
    title: 'Entry',
    lead: 'All of its legs, or none of them.',
    body: html`${entriesOf([found])}<p>Of ${link(found.payment)} ${json(path)}</p>`,
  }
}
