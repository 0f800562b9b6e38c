import { text } from '../html/html.ts'
import { type Description, resolved, type Schema } from './description.ts'

/** As deep as fields are shown; answers go no deeper. */
const DEPTH_MAX = 6

/** The fields of a schema as nested lists. */
export function fieldRows(schema: Schema, description: Description, depth = 0): string {
  const whole = resolved<Schema>(description, schema as Schema & { $ref: string })
  if (depth > DEPTH_MAX) return ''
  const shapes = whole.oneOf ?? whole.anyOf
  if (shapes) return shapesOf(shapes, description, depth)
  if (whole.items) return fieldRows(whole.items, description, depth + 1)
  const rows = Object.entries(whole.properties ?? {}).map(([name, inner]) => {
    const isNeeded = whole.required?.includes(name) ? '' : ' <i>may be absent</i>'
    const known = resolved<Schema>(description, inner as Schema & { $ref: string })
    const said = known.description ? ` <span class="words">${text(known.description)}</span>` : ''
    return `<li><code>${text(name)}</code> <span class="type">${typeWords(known)}</span>${isNeeded}${said}${fieldRows(inner, description, depth + 1)}</li>`
  })
  return rows.length > 0 ? `<ul class="fields">${rows.join('')}</ul>` : ''
}

/** Several shapes of one value: each with what tells it from the others. */
function shapesOf(shapes: readonly Schema[], description: Description, depth: number): string {
  const shown = shapes.map((shape) => fieldRows(shape, description, depth + 1)).filter((rows) => rows !== '')
  return shown.join('<p class="or">or</p>')
}

/** What a value is, in a few words. */
export function typeWords(schema: Schema): string {
  const { type, format, pattern, maximum, minimum, maxLength, items } = schema
  const values = schema.const === undefined ? schema.enum : [schema.const]
  if (values) return values.map((value) => `<code>${text(String(value))}</code>`).join(' ')
  const shapes = schema.oneOf ?? schema.anyOf
  if (shapes) return [...new Set(shapes.map(typeWords))].join(' or ')
  if (items) return `list of ${typeWords(items)}`
  if (schema.$ref) return text(schema.$ref.split('/').at(-1)!)
  if (type === 'string') {
    if (format === 'date-time') return 'time'
    if (pattern) return `text <code class="pattern">${text(pattern)}</code>`
    return maxLength === undefined ? 'text' : `text of at most ${maxLength}`
  }
  const bounded = type === 'integer' && minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  if (bounded) return `integer, ${minimum} to ${maximum}`
  return text([type ?? 'anything'].flat().join(' or '))
}
