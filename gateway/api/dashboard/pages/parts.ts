import { html, type Markup } from './markup.ts'
import type { Money, Problem, View } from './view.ts'

/** How a state looks besides its word, so that nobody needs colours to tell them apart. */
const LOOKS: Readonly<Record<string, readonly [look: string, shape: string]>> = {
  good: ['good', '●'],
  busy: ['busy', '◐'],
  bad: ['bad', '▲'],
  care: ['care', '◆'],
  over: ['over', '○'],
}
const GOOD = [
  'settled',
  'paid',
  'delivered',
  'enabled',
  'active',
  'open rail',
  'equal',
  'unbroken',
  'booked',
  'ready',
  'chosen',
  'refunded',
  'succeeded',
  'won',
  'paid out',
]
const BUSY = [
  'open',
  'processing',
  'collecting',
  'held',
  'waiting',
  'pending',
  'ending',
  'in_flight',
  'running',
  'sent',
  'sending',
  'paused',
]
const BAD = ['failed', 'dead', 'disabled', 'break', 'broken', 'silent', 'closed', 'degraded', 'revoked']
const CARE = [
  'unknown',
  'outcome_unknown',
  'partly_settled',
  'refund_due',
  'returned',
  'late',
  'paid_late',
  'paid_partial',
  'paid_over',
  'needs_claim',
  'needs_evidence',
  'under_review',
]

/** A state as a word and a shape. */
export function state(word: string): Markup {
  const kind = GOOD.includes(word)
    ? 'good'
    : BUSY.includes(word)
      ? 'busy'
      : BAD.includes(word)
        ? 'bad'
        : CARE.includes(word)
          ? 'care'
          : 'over'
  const [look, shape] = LOOKS[kind]!
  return html`<span class="state ${look}"><span aria-hidden="true">${shape}</span> ${word.replaceAll('_', ' ')}</span>`
}

/** An amount with the code that people know. */
export function amount({ assets }: Pick<View, 'assets'>, money: Money | null | undefined): Markup {
  if (!money) return html`<span class="quiet">none</span>`
  return html`<span class="amount">${money.amount} <abbr title="${money.asset}">${codeOf({ assets }, money)}</abbr></span>`
}

export function codeOf({ assets }: Pick<View, 'assets'>, { asset, code }: Readonly<{ asset: string; code?: string }>): string {
  return code ?? assets.find(({ id }) => id === asset)?.code ?? asset
}

/** In UTC, to the second; the whole of it on a closer look. */
export function time(iso: string | null | undefined): Markup {
  if (!iso) return html`<span class="quiet">never</span>`
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`
}

/** An id, short to look at and whole to copy. */
export function id(value: string): Markup {
  const short = value.length > 24 ? `${value.slice(0, 11)}…${value.slice(-6)}` : value
  return html`<code title="${value}">${short}</code>`
}

/** Where an id is shown. */
export function link(value: string | null | undefined): Markup {
  if (!value) return html`<span class="quiet">none</span>`
  const page = pageOf(value)
  return page === undefined ? id(value) : html`<a href="${page}">${id(value)}</a>`
}

function pageOf(value: string): string | undefined {
  const safe = encodeURIComponent(value)
  if (/^(?:pi|rc|po|ex|rf|dp)_/.test(value)) return `/dashboard/payments/${safe}`
  if (value.startsWith('dec_')) return `/dashboard/decisions/${safe}`
  if (value.startsWith('sp_')) return `/dashboard/splits/${safe}`
  if (value.startsWith('en_')) return `/dashboard/ledger/entries/${safe}`
  if (value.startsWith('pb_')) return `/dashboard/batches/${safe}`
  if (value.startsWith('so_')) return `/dashboard/orders/${safe}`
  if (value.startsWith('we_')) return `/dashboard/webhooks/${safe}`
  return undefined
}

/** The same as the API says it. */
export function json(path: string): Markup {
  return html`<a class="json" href="/dashboard/json${path}" aria-label="JSON of ${path}">JSON</a>`
}

/** Why something is not shown here. */
export function refusal({ title, detail, code }: Problem): Markup {
  return html`<div class="refusal"><p><strong>${title}.</strong> ${detail} <a href="/errors#${code}">${code}</a></p></div>`
}

type Cell = Markup | string | number
/** A table that scrolls by itself on a phone. `label`: what it is of. */
export function table(label: string, heads: readonly string[], rows: readonly (readonly Cell[])[], empty = 'Nothing yet.'): Markup {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${heads.map((head) => (head === '' ? html`<td></td>` : html`<th scope="col">${head}</th>`))}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}

/** As a table, with a row that is two lines of text on a phone, where its cells say by themselves what they are. */
export function lines(label: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  if (rows.length === 0) return html`<p class="quiet">Nothing yet.</p>`
  return html`<div class="scroll lines" role="region" aria-label="${label}" tabindex="0"><table role="table">
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map((cell) => html`<td role="cell">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}

/** Names and values. */
export function facts(rows: readonly (readonly [string, Cell | null | undefined])[]): Markup {
  const said = rows.filter((row): row is readonly [string, Cell] => row[1] !== null && row[1] !== undefined && row[1] !== '')
  return html`<dl>${said.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** To the next page of a list, and back to its first. */
export function pager(path: string, query: Readonly<Record<string, string>>, next: string | null | undefined): Markup {
  const { after: shown, ...rest } = query
  const first = new URLSearchParams(rest).toString()
  const on = new URLSearchParams(rest)
  on.set('after', next ?? '')
  return html`<nav class="pager" aria-label="Pages">${shown && html`<a href="${path}${first && '?'}${first}">First page</a>`} ${next && html`<a href="${path}?${on.toString()}" rel="next">Next page</a>`}</nav>`
}

type Field = Readonly<{
  name: string
  label: string
  value?: string | undefined
  options?: readonly string[]
  hint?: string
  required?: true
  /** In UTF-16 units, of text of several lines. */
  lengthMax?: number
}>

function input({ name, label, value = '', options, hint = '', required, lengthMax }: Field): Markup {
  if (options)
    return html`<label>${label} <select name="${name}"><option value="">all</option>${options.map((one) => (one === value ? html`<option selected>${one}</option>` : html`<option>${one}</option>`))}</select></label>`
  const needed = required === undefined ? '' : html` required`
  if (lengthMax !== undefined)
    return html`<label>${label} <textarea name="${name}" rows="4" maxlength="${lengthMax}" placeholder="${hint}"${needed}>${value}</textarea></label>`
  return html`<label>${label} <input name="${name}" value="${value}" placeholder="${hint}" autocomplete="off"${needed}></label>`
}

function hiddenInputs(fields: Readonly<Record<string, string>>): Markup[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
}

/** What is asked in the URL. */
export function filters(path: string, fields: readonly Field[], hidden: Readonly<Record<string, string>> = {}): Markup {
  return html`<form class="filters" action="${path}" method="get">${hiddenInputs(hidden)}${fields.map(input)} <button>Show</button></form>`
}

/** Something to do. It carries the token of this session, and a key by which a second click does nothing more. */
export function act(
  { formToken, repeat }: Pick<View, 'formToken' | 'repeat'>,
  path: string,
  label: string,
  fields: readonly Field[] = [],
  given: Readonly<Record<string, string>> = {},
): Markup {
  const hidden = { ...given, token: formToken, repeat: repeat() }
  return html`<form class="act" action="/dashboard/do/${path}" method="post">${hiddenInputs(hidden)}${fields.map(input)} <button>${label}</button></form>`
}
