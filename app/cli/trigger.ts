import { TRIGGERS } from '../../world/triggers/triggers.ts'
import { print } from './print.ts'
import { WrongWords } from './wrongWords.ts'

/** Makes it happen, waits until the gateway has said what came of it, and prints that. */
export async function trigger(what: string, o: Readonly<{ json?: boolean | undefined }>): Promise<number> {
  const run = Object.hasOwn(TRIGGERS, what) ? TRIGGERS[what] : undefined
  if (!run) throw new WrongWords(`${what.slice(0, 40)} is nothing that can be made to happen: ${Object.keys(TRIGGERS).join(', ')}`)
  const { ids, state, look } = await run()
  print(o, { trigger: what, state, ids, look }, () => {
    const named = Object.entries(ids).map(([name, id]) => `  ${name.padEnd(15)} ${id}`)
    return [`${what}: ${state}`, ...named, '  look at', ...look.map((place) => `    ${place}`)].join('\n')
  })
  return 0
}
