import type { Named } from './program.ts'

/** The oldest Node that has all that a gateway is made of (`node:sqlite` without a flag among it). */
const NODE_MIN = 24

/** Runs the command of this process. Nothing newer than this file's own imports is read before the Node that runs it is known to be new enough. */
export async function start(named: () => Promise<Named>, words: readonly string[] = process.argv.slice(2)): Promise<void> {
  const major = Number.parseInt(process.versions.node, 10)
  if (major < NODE_MIN) {
    console.error(
      `switchyard: Node ${NODE_MIN} or newer is needed, this is ${process.version}. Install it from nodejs.org, or: npx node@${NODE_MIN}`,
    )
    process.exit(1)
  }
  const { runWords } = await import('./program.ts')
  const given = await named()
  try {
    const code = await runWords(words, given)
    if (code !== 0) process.exitCode = code
  } catch (error) {
    const { tell } = await import('./trouble.ts')
    // Rails that are open already would keep a process alive that can not serve.
    process.exit(tell(error, words, given.name))
  }
}
