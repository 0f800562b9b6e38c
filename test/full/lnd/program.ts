import { type ChildProcess, spawn } from 'node:child_process'

const OUTPUT_KEPT = 8_000

/** A daemon of the network. It dies with this process, however that ends. */
export type Program = Readonly<{
  /** The last of what it printed. */
  output: () => string
  running: () => boolean
  processId: number | undefined
  /** SIGKILL unless another signal is named; resolves when it has ended. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}>

/** Starts a program whose parent's death is its own (`setpriv` of util-linux: a test that is killed leaves nothing behind). */
export function startProgram(path: string, args: readonly string[]): Program {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.once('error', (error) => {
    output += `\nthese tests need the program setpriv (Debian's package util-linux): ${error.message}`
  })
  return { output: () => output, running: () => alive(child), processId: child.pid, stop: (signal = 'SIGKILL') => stop(child, signal) }
}

function alive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!alive(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}
