import { html, type Markup } from './markup.ts'
import { filters } from './parts.ts'
import { queryOf, type View } from './view.ts'

/** What every list of the API can be asked, as its forms name it. */
const ALWAYS = [
  { name: 'rail', label: 'Rail', hint: 'lightning' },
  { name: 'reference', label: 'Any name it has', hint: 'order, invoice, hash' },
  { name: 'created_from', label: 'From', hint: '2026-11-24T00:00:00Z' },
  { name: 'created_before', label: 'Until', hint: '2026-11-25T00:00:00Z' },
  { name: 'amount_min', label: 'At least', hint: '0.5' },
  { name: 'amount_max', label: 'At most', hint: '20' },
] as const
const METADATA = [
  { name: 'metadata_key', label: 'Metadata', hint: 'shelf' },
  { name: 'metadata_value', label: 'is', hint: 'A-7' },
] as const
const ASKED = ['status', 'party', 'after', ...ALWAYS.map(({ name }) => name), ...METADATA.map(({ name }) => name)]

/** The path of a list of the API, with what the page was asked and no more. */
export function listPath(path: string, { query }: Pick<View, 'query'>, more: Readonly<Record<string, string>>): string {
  return `${path}${queryOf({ ...Object.fromEntries(ASKED.map((name) => [name, query[name]])), ...more })}`
}

/** The same page with only what came or went over one rail. */
export function railRows(page: string, { query }: Pick<View, 'query'>, rail: string): string {
  const asked = ASKED.filter((name) => name !== 'after').map((name) => [name, query[name]])
  return `${page}${queryOf({ of: query.of, ...Object.fromEntries(asked), rail })}`
}

type Asked = Readonly<{ states: readonly string[]; metadata?: boolean; hidden?: Readonly<Record<string, string>> }>

/** The form of a list, behind a word until something is asked: on a phone it is as tall as the screen. An operator may look at one party's. */
export function listFilters(
  path: string,
  { query, operator }: Pick<View, 'query' | 'operator'>,
  { states, metadata, hidden }: Asked,
): Markup {
  const fields = [...ALWAYS, ...(operator ? [{ name: 'party', label: 'Party', hint: 'pa_…' }] : []), ...(metadata ? METADATA : [])]
  const asked = fields.map(({ name, label, hint }) => ({ name, label, hint, value: query[name] }))
  const form = filters(path, [{ name: 'status', label: 'State', value: query.status, options: states }, ...asked], hidden)
  const isAsked = [query.status, ...asked.map(({ value }) => value)].some(Boolean)
  return html`<details${isAsked && html` open`}><summary>Filter</summary>${form}</details>`
}
