import { PYTHON_WORDS } from './pythonWords.ts'
import type { Shape } from './shape.ts'
import { wrapped } from './wrapped.ts'

type Fields = Extract<Shape, { kind: 'fields' }>['fields']

const COLUMNS_MAX = 110

export type PythonTypes = ReturnType<typeof pythonTypes>

/** Types in Python, where each object needs a name: it is called by where it stands. */
export function pythonTypes() {
  const texts = new Map<string, string>()
  const shapes = new Map<string, Shape>()

  /** A shape under this name, which is what it is called from then on. */
  function declare(name: string, shape: Shape, description?: string): void {
    shapes.set(name, shape)
    if (shape.kind === 'fields') fieldsType(name, shape.fields, description)
    else texts.set(name, aliasText(name, written(shape, name)))
  }

  function fieldsType(name: string, fields: Fields, description?: string): void {
    // The name is taken before what is inside asks for one.
    texts.set(name, '')
    const rows = fields.map((field) => Object.assign({ type: written(field.shape, name + pascal(field.name)) }, field))
    texts.set(name, objectText(name, rows, description))
  }

  /** What Python calls a shape; an object in it gets a name, from where it stands. */
  function written(shape: Shape, at: string): string {
    switch (shape.kind) {
      case 'list':
        return `list[${written(shape.of, `${at}Item`)}]`
      case 'map':
        return `dict[str, ${written(shape.of, `${at}Value`)}]`
      case 'either':
        return [...new Set(shape.of.map((one, i) => written(one, shape.of.length === 1 ? at : at + kindOf(one, i))))].join(' | ')
      case 'fields': {
        const name = free(at)
        fieldsType(name, shape.fields)
        return name
      }
      default:
        return simpleType(shape)
    }
  }

  /** A type with more fields, each a text or nothing; of several objects each has them. */
  function extend(name: string, shape: Shape, fields: readonly string[]): string {
    const known = shape.kind === 'named' ? shapes.get(shape.name) : shape
    if (known?.kind === 'either') {
      const members = known.of.map((one, i) => extend(`${name}${i + 1}`, one, fields))
      texts.set(name, aliasText(name, members.join(' | ')))
      return name
    }
    const base = written(shape, `${name}Base`)
    if (known?.kind !== 'fields') throw new Error(`${name}: ${base} is no object, and a header of its answer has no place in it`)
    texts.set(name, `class ${name}(${base}):\n${fields.map((field) => `    ${field}: str | None\n`).join('')}`)
    return name
  }

  function free(name: string): string {
    let found = name
    for (let i = 2; texts.has(found); i++) found = `${name}${i}`
    return found
  }

  return {
    declare,
    named: (name: string, shape: Shape) => written(shape, name),
    alias(name: string, text: string): void {
      texts.set(name, aliasText(name, text || 'dict[str, object]'))
    },
    extend,
    /** Aliases last: they are read as they stand. */
    text: () => [...texts.values()].join('\n\n'),
  }
}

type Row = Fields[number] & Readonly<{ type: string }>

/** A class; or, where a name is a word of Python's, the call that makes one. */
function objectText(name: string, rows: readonly Row[], description: string | undefined): string {
  const optional = (type: string, required: boolean) => (required ? type : `NotRequired[${type}]`)
  if (rows.every((row) => /^[A-Za-z_]\w*$/.test(row.name) && !PYTHON_WORDS.has(row.name))) {
    const lines = rows.map((row) => `${commentOf(row.description)}    ${row.name}: ${optional(row.type, row.required)}\n`)
    return `class ${name}(TypedDict):\n${description ? docText(description) : ''}${lines.join('') || '    pass\n'}`
  }
  const lines = rows.map((row) => `        "${row.name}": ${optional(JSON.stringify(row.type), row.required)},\n`)
  return `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join('')}    },\n)\n`
}

const SIMPLE = { text: 'str', number: 'float', integer: 'int', truth: 'bool', null: 'None', anything: 'object' } as const

/** What has no other shape in it. */
function simpleType(shape: Exclude<Shape, { kind: 'list' | 'map' | 'either' | 'fields' }>): string {
  if (shape.kind === 'named') return shape.name
  if (shape.kind !== 'values') return SIMPLE[shape.kind]
  const values = shape.values.map((value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value)))
  return `Literal[${values.join(', ')}]`
}

/** What sets one of several objects apart: the value of its first field that has one alone. */
function kindOf(shape: Shape, i: number): string {
  if (shape.kind !== 'fields') return ''
  const said = shape.fields.find((field) => field.shape.kind === 'values' && field.shape.values.length === 1 && field.name !== 'object')
  return said?.shape.kind === 'values' ? pascal(String(said.shape.values[0])) : String(i + 1)
}

function aliasText(name: string, text: string): string {
  return `${name}: TypeAlias = ${JSON.stringify(text.replaceAll('"', "'"))}\n`
}

function docText(description: string): string {
  const lines = wrapped(description.replaceAll('\\', '\\\\').replaceAll('"""', "'''"), COLUMNS_MAX - 7)
  return lines.length === 1 ? `    """${lines[0]}"""\n\n` : `    """\n${lines.map((line) => `    ${line}\n`).join('')}    """\n\n`
}

function commentOf(description: string | undefined): string {
  return description
    ? wrapped(description, COLUMNS_MAX - 7)
        .map((line) => `    #: ${line}\n`)
        .join('')
    : ''
}

function pascal(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
