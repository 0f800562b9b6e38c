import { dirname, join } from 'node:path/posix'
import { isTest, type Rule, type Source, withoutComments } from './source.ts'

/** An import inside the repository: from one file to another, both from the root. */
export type Import = Readonly<{ from: string; to: string }>

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

/** Every import of another file of the repository, `import type` and `import()` included. */
export function importsOf(sources: readonly Source[]): Import[] {
  return sources
    .filter(({ path }) => /\.(?:ts|js)$/.test(path))
    .flatMap(({ path, text }) =>
      [...withoutComments(text).matchAll(IMPORT)].map((match) => ({ from: path, to: join(dirname(path), match[1]!) })),
    )
}

/** Files must not import each other in a circle, not even for types: the type then lives in the wrong file. */
export const noFileCircles: Rule = (sources) =>
  circles(importsOf(sources)).map((circle) => `${circle.join(' -> ')}: these files import each other; move what both need into a third`)

/**
 * Folders and files side by side must not import each other in a circle, at any depth: `gateway/payins` and `gateway/payouts`, two rooms of a wing, a
 * room and a file beside it. Tests are left out: nobody imports them.
 */
export const noRoomCircles: Rule = (sources) => {
  const between = importsOf(sources)
    .filter(({ from }) => !isTest(from))
    .map(({ from, to }) => sideBySide(from, to))
    .filter(({ from, to }) => from !== to)
  return circles(between).map((circle) => `${circle.join(' -> ')}: these folders import each other; one of them must go below the other`)
}

/** The two where their paths part: `a/b/c.ts` and `a/d.ts` are `a/b` and `a/d.ts` side by side. */
function sideBySide(a: string, b: string): Import {
  const [from, to] = [a.split('/'), b.split('/')]
  const depth = from.findIndex((part, index) => part !== to[index]) + 1
  return { from: from.slice(0, depth).join('/'), to: to.slice(0, depth).join('/') }
}

/** One circle for each group of nodes that reach each other, as a path that ends where it began. */
function circles(edges: readonly Import[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to))
  const found: string[][] = []
  const done = new Set<string>()
  for (const start of [...next.keys()].sort()) {
    if (done.has(start)) continue
    const path = pathBack(start, next)
    if (path === undefined) continue
    found.push(path)
    for (const node of path) done.add(node)
  }
  return found
}

/** The shortest way from `start` back to itself, breadth first; undefined when there is none. */
function pathBack(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const to of next.get(node) ?? []) {
      if (to === start) return trace(node, cameFrom, start)
      if (cameFrom.has(to)) continue
      cameFrom.set(to, node)
      queue.push(to)
    }
  }
  return undefined
}

function trace(last: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const path = [start]
  for (let node: string | undefined = last; node !== undefined && node !== start; node = cameFrom.get(node)) path.unshift(node)
  return [start, ...path]
}
