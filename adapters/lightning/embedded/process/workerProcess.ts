import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import { NODE_FLAGS } from '../../../../gateway/ports/nodeFlags.ts'
import type { FromWorker, ToWorker, WorkerStart } from './nodeCalls.ts'

const BACKOFF_MS_MIN = 50
const BACKOFF_MS_MAX = 5_000

// Beside this file under the same ending: .ts as it is, .js once compiled.
const WORKER = fileURLToPath(new URL(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url))

/** The worker's process, one after the other. */
type WorkerProcess = Readonly<{
  start: () => void
  /** Undefined between two. */
  id: () => number | undefined
  /** Dropped when there is no process. */
  post: (message: ToWorker) => void
  close: () => Promise<void>
}>

/**
 * Keeps a process running until `close`. `onExit` says when the next one starts: at once, or later, which is longer each time until one is ready. It is
 * not asked about the end that `close` brings.
 */
export function workerProcess(
  start: WorkerStart,
  { clock, log }: Readonly<{ clock: Clock; log: (line: string) => void }>,
  told: Readonly<{ onMessage: (message: FromWorker) => void; onExit: () => 'at once' | 'later' }>,
): WorkerProcess {
  let child: ChildProcess | undefined
  let closing = false
  let backoffMs = BACKOFF_MS_MIN
  const spawn = () => {
    if (closing) return
    const spawned = fork(WORKER, { execArgv: [...NODE_FLAGS], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child = spawned
    // The worker runs this repository's code and speaks `FromWorker` only.
    spawned.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') backoffMs = BACKOFF_MS_MIN
      told.onMessage(message)
    })
    spawned.on('error', (error) => log(`lightning: the node's process: ${error.message}`))
    spawned.once('exit', ended)
    post({ kind: 'start', start, now: clock.now() })
  }
  const post = (message: ToWorker) => {
    child?.send(message, () => {})
  }
  const stopHearing = clock.onMoved?.(() => post({ kind: 'clock', now: clock.now() }))
  const ended = (code: number | null, signal: NodeJS.Signals | null) => {
    const next = told.onExit()
    if (closing) return
    if (next === 'at once') return spawn()
    log(`lightning: the node's process ended (${signal ?? code}); starting it again`)
    setTimeout(spawn, backoffMs)
    backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX)
  }
  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null
  return {
    start: spawn,
    id: () => (running() ? child?.pid : undefined),
    post,
    close: async () => {
      closing = true
      stopHearing?.()
      const ending = child
      if (!ending || !running()) return
      const gone = new Promise((resolve) => ending.once('exit', resolve))
      ending.disconnect()
      await gone
    },
  }
}
