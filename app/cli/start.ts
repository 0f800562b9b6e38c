import { nodeTooOld } from '../../gateway/errors/nodeTooOld.ts'
import type { Command } from './runSpelled.ts'

/** The oldest Node that has all that a gateway is made of (`node:sqlite` without a flag among it). */
const NODE_MIN = 24

/** Runs the command of this process. Nothing newer than this file's own imports is read before the Node that runs it is known to be new enough. */
export async function start(
  command: () => Promise<Command>,
  { words = process.argv.slice(2), nodeMin = NODE_MIN }: { words?: readonly string[]; nodeMin?: number } = {},
): Promise<void> {
  const major = Number.parseInt(process.versions.node, 10)
  if (major < nodeMin) {
    console.error(nodeTooOld('This command', nodeMin).message)
    process.exit(1)
  }
  if (words[0] === 'gateway') await withFlags()
  // Who reads has seen enough, such as `head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const { name, run } = await command()
  try {
    const code = await run(words)
    if (code !== 0) process.exitCode = code
  } catch (error) {
    const { tell } = await import('./trouble.ts')
    // Rails that are open already would keep a process alive that can not serve.
    process.exit(tell(error, words, name))
  }
}

/** What npm puts on the path can not say with which flags Node is started; the process becomes one that has them. Windows can not, and goes on without. */
async function withFlags(): Promise<void> {
  const { NODE_FLAGS } = await import('../../gateway/ports/nodeFlags.ts')
  const missing = NODE_FLAGS.filter((flag) => !process.execArgv.includes(flag))
  const { execPath, execArgv, argv, env } = process
  if (missing.length > 0 && process.platform !== 'win32')
    process.execve?.(execPath, [execPath, ...NODE_FLAGS, ...execArgv, ...argv.slice(1)], env)
}
