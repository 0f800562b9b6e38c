import { groups } from './groups.ts'
import type { Method, Model, Named } from './model.ts'
import type { Shape } from './shape.ts'
import { wrapped } from './wrapped.ts'

const COLUMNS_MAX = 150
/** Where each generated file says that it is one. */
const HEAD = '// Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.\n'

/** The generated half of the TypeScript client: its files by their names. */
export function typescriptFiles(
  model: Model,
  o: Readonly<{ version: string; codes: readonly string[] }>,
): Readonly<Record<string, string>> {
  return {
    'types.ts': typesText(model),
    'events.ts': eventsText(model),
    'codes.ts': `${HEAD}/** What the gateway refuses with: a section of docs/errors.md each. */\nexport const ERROR_CODES = [\n${o.codes.map((code) => `  '${code}',\n`).join('')}] as const\n`,
    'operations.ts': operationsText(model, o.version),
    'resources.ts': resourcesText(model),
  }
}

function typesText({ types }: Model): string {
  const rows = types.map(typeText).join('\n')
  const events = /\bSwitchyardEvent\b/.test(rows) ? "import type { SwitchyardEvent } from './events.ts'\n\n" : ''
  return `${HEAD}${events}${rows}`
}

function typeText({ name, shape, description }: Named): string {
  return `${comment(description, '')}export type ${name} = ${written(shape, '')}\n`
}

/** A shape as TypeScript says it, at this indentation. */
function written(shape: Shape, at: string): string {
  switch (shape.kind) {
    case 'text':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'truth':
      return 'boolean'
    case 'null':
      return 'null'
    case 'anything':
      return 'unknown'
    case 'named':
      return shape.name === 'Event' ? 'SwitchyardEvent' : shape.name
    case 'values':
      return shape.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' | ')
    case 'list':
      return `readonly ${inner(shape.of, at)}[]`
    case 'map':
      return shape.keys
        ? `{ readonly [key in ${shape.keys.map((key) => `'${key}'`).join(' | ')}]?: ${written(shape.of, at)} | undefined }`
        : `{ readonly [key: string]: ${written(shape.of, at)} }`
    case 'either':
      return shape.of.map((one) => written(one, at)).join(' | ')
    case 'fields':
      return fieldsText(shape, at)
  }
}

/** In brackets where `[]` would bind to the last of several. */
function inner(shape: Shape, at: string): string {
  const text = written(shape, at)
  return shape.kind === 'either' || shape.kind === 'values' || shape.kind === 'list' ? `(${text})` : text
}

function fieldsText({ fields }: Extract<Shape, { kind: 'fields' }>, at: string): string {
  if (fields.length === 0) return 'Record<string, never>'
  const within = `${at}  `
  const rows = fields.map(({ name, shape, required, description }) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`
    const type = written(shape, within)
    return `${comment(description, within)}${within}readonly ${key}${required ? '' : '?'}: ${type}${required ? '' : ' | undefined'}\n`
  })
  return `{\n${rows.join('')}${at}}`
}

function eventsText({ events }: Model): string {
  const rows = events.map(({ type, summary, version, data }) => {
    const shape = written(data, '    ')
    return `${comment(summary, '  ')}  '${type}': {\n    readonly version: ${version}\n    readonly data: ${shape}\n  }\n`
  })
  return `${HEAD}
/** What \`data\` of each type of event is, in which version. */
export type EventData = {
${rows.join('')}}

export type EventType = keyof EventData

type EventOf<T extends EventType> = Readonly<{
  id: string
  object: 'event'
  type: T
  version: EventData[T]['version']
  created_at: string
  /** The id of what the event is about: the events of one come in order. */
  subject: string
  data: EventData[T]['data']
}>

/** An event. Test \`type\`, and the compiler knows \`data\`; a newer gateway may tell types that are not here yet. */
export type SwitchyardEvent = { [T in EventType]: EventOf<T> }[EventType]
`
}

function operationsText({ methods }: Model, version: string): string {
  const rows = methods.map((method) => {
    const { id, resource, name, verb, path, keyed, item, body, query, given, isText } = method
    const flags = [body && 'body', query && 'query', keyed && 'keyed', item && 'paged', isText && 'text'].filter(Boolean)
    const last = given.length === 0 ? '' : `, given: { ${given.map(({ header, field }) => `'${header}': '${field}'`).join(', ')} }`
    const said = flags.map((flag) => `, ${flag}: true`).join('')
    return `  ${id}: { at: ['${resource}', '${name}'], verb: '${verb}', path: '${path}'${said}${last} },\n`
  })
  return `${HEAD}import type { Operation } from '../operation.ts'

/** The spelling of the API that these types are of. */
export const API_VERSION = '${version}'

export const OPERATIONS: Readonly<Record<string, Operation>> = {
${rows.join('')}}
`
}

function resourcesText(model: Model): string {
  const resources = groups(model.methods)
  const types = resources.map(([name, methods]) => `export type ${pascal(name)} = {\n${methods.map(methodText).join('')}}\n`)
  const used = [...new Set(types.join('').match(/\btypes\.\w+/g) ?? [])]
  const tree = resources.map(([name]) => `  readonly ${name}: ${pascal(name)}\n`).join('')
  return `${HEAD}import type { CallOptions, KeyedOptions } from '../operation.ts'
import type { Page, Pages } from '../pages.ts'
import type { SwitchyardEvent } from './events.ts'
${used.length > 0 ? "import type * as types from './types.ts'\n" : ''}
${types.join('\n')}
/** Every operation of the API, by its resource. */
export type Resources = {
${tree}}
`
}

function methodText({ name, summary, params, body, query, answer, item, keyed, given, id, verb, path }: Method): string {
  const words = [
    ...params.map((param) => `${camel(param)}: string`),
    ...(body ? [`body${body.required ? '' : '?'}: types.${body.type}`] : []),
    ...(query ? [`query${query.required ? '' : '?'}: types.${query.type}`] : []),
    `options?: ${keyed ? 'KeyedOptions' : 'CallOptions'}`,
  ]
  const whole = qualified(answer)
  const returned = given.length === 0 ? whole : `${whole} & { ${given.map(({ field }) => `readonly ${field}: string | null`).join('; ')} }`
  const type = item ? `Pages<${qualified(item)}${hasMore(answer) ? `, Page<${qualified(item)}> & ${whole}` : ''}>` : `Promise<${returned}>`
  return `${comment(`${summary}. ${verb} ${path} (${id})`, '  ')}  ${name}(${words.join(', ')}): ${type}\n`
}

/** A page that has a name has more than every page. */
function hasMore(answer: Shape): boolean {
  return answer.kind === 'named'
}

/** With the names of its types as other files have them. */
function qualified(shape: Shape): string {
  if (shape.kind === 'named') return shape.name === 'Event' ? 'SwitchyardEvent' : `types.${shape.name}`
  if (shape.kind === 'either') return shape.of.map(qualified).join(' | ')
  return written(shape, '  ')
}

function comment(text: string | undefined, at: string): string {
  if (text === undefined || text === '') return ''
  const lines = wrapped(text.replaceAll('*/', '* /'), COLUMNS_MAX - at.length)
  if (lines.length === 1) return `${at}/** ${lines[0]} */\n`
  return `${at}/**\n${lines.map((line) => `${at} * ${line}\n`).join('')}${at} */\n`
}

function pascal(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1)
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
