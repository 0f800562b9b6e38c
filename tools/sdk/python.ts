import { groups } from './groups.ts'
import type { Method, Model } from './model.ts'
import { type PythonTypes, pythonTypes } from './pythonTypes.ts'
import { PYTHON_WORDS } from './pythonWords.ts'
import type { Shape } from './shape.ts'
import { wrapped } from './wrapped.ts'

const COLUMNS_MAX = 110
const HEAD = '# Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.\n'

/** The generated half of the client in Python: its files by their names. */
export function pythonFiles(model: Model, o: Readonly<{ version: string; codes: readonly string[] }>): Readonly<Record<string, string>> {
  const types = pythonTypes()
  for (const { name, shape, description } of model.types) types.declare(name, shape, description)
  const events = model.events.map(({ type, summary, version, data }) => {
    const name = `${pascal(type)}Event`
    types.declare(name, eventShape(type, version, data), summary)
    return name
  })
  types.alias('Event', events.join(' | '))
  const resources = groups(model.methods).map(([name, methods]) => resourceText(name, methods, types))
  const tree = groups(model.methods).map(([name]) => `        self.${snake(name)} = ${pascal(name)}(caller)\n`)
  const codes = o.codes.map((code) => `    "${code}",\n`).join('')
  return {
    '__init__.py': HEAD,
    'types.py': `${HEAD}from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

${types.text()}`,
    'codes.py': `${HEAD}from __future__ import annotations

from typing import Literal, TypeAlias

API_VERSION = "${o.version}"

#: What the gateway refuses with, each with a section of docs/errors.md.
GatewayCode: TypeAlias = Literal[
${codes}]
`,
    'resources.py': `${HEAD}from __future__ import annotations

from typing import Unpack, cast

from .._call import Caller, Operation
from .._pages import Pages
from . import types

${resources.join('\n\n')}

class Resources:
    """Every operation of the API, by its resource."""

    def __init__(self, caller: Caller) -> None:
${tree.join('')}`,
  }
}

function resourceText(name: string, methods: readonly Method[], types: PythonTypes): string {
  const bodies = methods.map((method) => methodText(method, types))
  return `class ${pascal(name)}:\n    def __init__(self, caller: Caller) -> None:\n        self._caller = caller\n\n${bodies.join('\n')}`
}

function methodText(method: Method, types: PythonTypes): string {
  const { id, name, summary, verb, path, params, body, query, keyed, item, answer, isText } = method
  const words = [
    'self',
    ...params.map((param) => `${param}: str`),
    ...(body ? [`body: types.${body.type}${body.required ? '' : ' | None = None'}`] : []),
    '*',
    ...(keyed ? ['idempotency_key: str | None = None'] : []),
    'timeout: float | None = None',
    ...(query ? [`**query: Unpack[types.${query.type}]`] : []),
  ]
  const said = [
    `"${id}"`,
    `"${verb}"`,
    `"${path}"`,
    ...(keyed ? ['keyed=True'] : []),
    ...(isText ? ['text=True'] : []),
    ...(method.given.length > 0 ? [`given={${method.given.map(({ header, field }) => `"${header}": "${field}"`).join(', ')}}`] : []),
  ]
  const asked = [
    `Operation(${said.join(', ')})`,
    `(${params.map((param) => `${param},`).join(' ')})`,
    ...(body ? [body.required ? 'body=body' : 'body=body or {}'] : []),
    ...(query ? ['query=dict(query)'] : []),
    ...(keyed ? ['idempotency_key=idempotency_key'] : []),
    'timeout=timeout',
  ]
  const doc = wrapped(`${summary}. ${verb} ${path} (${id})`.replaceAll('"""', "'''").replaceAll('\\', '\\\\'), COLUMNS_MAX - 11)
  const text =
    doc.length === 1 ? `        """${doc[0]}"""\n` : `        """\n${doc.map((line) => `        ${line}\n`).join('')}        """\n`
  const type = item ? types.named(`${pascal(id)}Item`, item) : givenType(method, answer, types)
  const returned = item ? `Pages[${qualified(type)}]` : qualified(type)
  const call = item
    ? `Pages(lambda more: self._caller.call(${asked.join(', ').replace('query=dict(query)', 'query={**query, **more}')}))`
    : `cast(${JSON.stringify(qualified(type))}, self._caller.call(${asked.join(', ')}))`
  return `    def ${snake(name)}(${words.join(', ')}) -> ${returned}:\n${text}        return ${call}\n`
}

/** The type of an answer, with the fields that stand in its headers. */
function givenType({ id, given }: Method, answer: Shape, types: PythonTypes): string {
  if (given.length === 0) return types.named(`${pascal(id)}Answer`, answer)
  const fields = given.map(({ field }) => field)
  return types.extend(`${pascal(id)}Given`, answer, fields)
}

/** As other files say it: types of ours stand in \`types\`. */
function qualified(type: string): string {
  return type.replace(/\b[A-Z]\w*/g, (name) => (name === 'None' ? name : `types.${name}`))
}

function eventShape(type: string, version: number, data: Shape): Shape {
  const text: Shape = { kind: 'text' }
  const field = (name: string, shape: Shape) => ({ name, shape, required: true })
  return {
    kind: 'fields',
    fields: [
      field('id', text),
      field('object', { kind: 'values', values: ['event'] }),
      field('type', { kind: 'values', values: [type] }),
      field('version', { kind: 'values', values: [version] }),
      field('created_at', text),
      field('subject', text),
      field('data', data),
    ],
  }
}

function pascal(name: string): string {
  return name
    .replace(/(?:^|[^A-Za-z0-9])(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^\w/, (letter) => letter.toUpperCase())
}

function snake(name: string): string {
  const text = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return PYTHON_WORDS.has(text) ? `${text}_` : text
}
