import { parseAst } from 'rolldown/parseAst'
import type { Source } from './source.ts'

/** A node of a syntax tree (ESTree): its type, where it stands in the text, and its parts. */
export type Node = Readonly<{ type: string; start: number; end: number }> & Readonly<Record<string, unknown>>

/** Calls `enter` for each node on the way down, with the node above it, and `leave` on the way up. */
export function walk(
  source: Source,
  enter: (node: Node, parent: Node | undefined) => void,
  leave: (node: Node) => void = () => undefined,
): void {
  visit(parseAst(source.text, { lang: 'ts', astType: 'ts' }, source.path) as unknown as Node, undefined) // ESTree, as this file reads it.

  function visit(value: unknown, parent: Node | undefined): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, parent)
      return
    }
    if (!isNode(value)) return
    enter(value, parent)
    for (const part of Object.values(value)) visit(part, value)
    leave(value)
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
