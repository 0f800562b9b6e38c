import { parseAst } from 'rolldown/parseAst'
import type { Source } from './source.ts'

/** A node of a syntax tree (ESTree): its type, where it stands in the text, and its parts. */
export type Node = Readonly<{ type: string; start: number; end: number }> & Readonly<Record<string, unknown>>

/** What is seen of one file's tree: `enter` for each node on the way down, with the node above it, `leave` on the way up, and what came of it. */
export type Look<T> = Readonly<{
  enter: (node: Node, parent: Node | undefined) => void
  leave?: (node: Node) => void
  end: () => T
}>

const looks: ((source: Source) => Look<unknown>)[] = []
const seen = new WeakMap<Source, readonly unknown[]>()

/** A look at each file's syntax tree. Parsing three thousand files takes seconds, so all looks at a file are taken in one walk, when the first is asked for. */
export function lookAt<T>(look: (source: Source) => Look<T>): (source: Source) => T {
  const place = looks.push(look) - 1
  return (source) => {
    const known = seen.get(source)
    const results = known !== undefined && place < known.length ? known : takeAll(source)
    seen.set(source, results)
    return results[place] as T // What this very look ended with.
  }
}

function takeAll(source: Source): unknown[] {
  const taken = looks.map((look) => look(source))
  const leaving = taken.filter(({ leave }) => leave !== undefined)
  visit(parseAst(source.text, { lang: 'ts', astType: 'ts' }, source.path) as unknown as Node, undefined) // ESTree, as this file reads it.
  return taken.map(({ end }) => end())

  function visit(value: unknown, parent: Node | undefined): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, parent)
      return
    }
    if (!isNode(value)) return
    for (const { enter } of taken) enter(value, parent)
    for (const key in value) visit(value[key], value)
    for (const { leave } of leaving) leave?.(value)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The line (from 1) of a place in the text. */
export function lineOf(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1
}

/** TypeScript that people write: not what is generated, and not declarations alone. */
export function isWritten({ path }: Source): boolean {
  return /\.ts$/.test(path) && !/\.d\.ts$/.test(path) && !/^(?:contracts\/abi|gateway\/sdk\/generated)\//.test(path)
}
