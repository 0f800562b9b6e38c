import { text } from '../../html/html.ts'

const made = new WeakSet<object>()

/** HTML that this room has made. Whatever else is put into a page is text, whoever wrote it. */
export type Markup = Readonly<{ html: string }>

type Piece = Markup | string | number | bigint | null | undefined | false | readonly Piece[]

/** HTML with values in it: markup stays, every other value is escaped, nothing is written for null, undefined and false. */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  return markup(parts.reduce((page, part, i) => `${page}${written(values[i - 1])}${part}`))
}

function markup(source: string): Markup {
  const one = { html: source }
  made.add(one)
  return one
}

function written(value: Piece): string {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(written).join('')
  // What looks like markup and was not made here is somebody's answer.
  if (typeof value === 'object') return made.has(value) ? (value as Markup).html : text(JSON.stringify(value))
  return text(String(value))
}
