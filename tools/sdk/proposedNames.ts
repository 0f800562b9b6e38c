import type { Description } from './model.ts'

/** Resources that are called otherwise than their path. */
const CALLED: Readonly<Record<string, string>> = { payment_intents: 'intents', pay: 'intents', '.well-known': 'lnurl' }

/** A name for each operation that has none: the resource is the first word of its path, the method the verb of its id where that is free. */
export function proposedNames({ paths }: Description, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const taken = new Set(Object.values(names))
  const proposed: Record<string, string> = {}
  for (const [path, by] of Object.entries(paths)) {
    for (const { operationId: id } of Object.values(by)) {
      if (id === undefined || names[id] !== undefined) continue
      const resource = resourceOf(path)
      const verb = /^[a-z]+/.exec(id)![0]
      const name = [`${resource}.${verb}`, `${resource}.${id}`].find((one) => !taken.has(one))!
      taken.add(name)
      proposed[id] = name
    }
  }
  return proposed
}

/** The source of the table with these rows too, sorted. */
export function withRows(source: string, rows: Readonly<Record<string, string>>): string {
  const row = /^ {2}\w+: '[\w.]+',$/
  const lines = source.split('\n')
  const all = [...lines.filter((line) => row.test(line)), ...Object.entries(rows).map(([id, name]) => `  ${id}: '${name}',`)].sort()
  const first = lines.findIndex((line) => row.test(line))
  const rest = lines.filter((line) => !row.test(line))
  return [...rest.slice(0, first), ...all, ...rest.slice(first)].join('\n')
}

function resourceOf(path: string): string {
  const [first = '', second = ''] = path.split('/').filter(Boolean)
  const word = first === 'v1' ? second : first
  return CALLED[word] ?? word.replace(/^\W+/, '').replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase())
}
