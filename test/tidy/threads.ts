import { importsOf } from './importGraph.ts'
import type { Rule, Source } from './source.ts'

/** What takes a third of a second to read, at every start, and for which no thread beside the gateway's own has work. */
const HEAVY = /\bfrom '(viem|lightningdevkit)\b/
/** A type is gone before anything runs. */
const TYPES = /^(?:import|export) type [^']*'[^']+'$/gm

/** A thread beside the gateway's own is started with each gateway, and reads all it imports then. */
export const threadsAreLight: Rule = (sources) => {
  const run = sources.map(({ path, text }): Source => ({ path, text: text.replace(TYPES, '') }))
  const textOf = new Map(run.map(({ path, text }) => [path, text]))
  const next = Map.groupBy(importsOf(run), ({ from }) => from)
  return run
    .filter(({ path }) => /Thread\.ts$/.test(path) && !path.startsWith('test/'))
    .flatMap(({ path: thread }) => {
      const reached = new Set([thread])
      for (const file of reached) for (const { to } of next.get(file) ?? []) reached.add(to)
      return [...reached].flatMap((file) => {
        const heavy = HEAVY.exec(textOf.get(file) ?? '')?.[1]
        return heavy === undefined ? [] : [`${file}: ${thread} reaches it and would read all of ${heavy}; take a smaller part in its place`]
      })
    })
}
