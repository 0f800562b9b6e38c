import type { RailLog } from './railLog.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'

export type PollLoop = Readonly<{
  /** Looks at once instead of after the pause. */
  kick(): void
  /** Waits for the round under way. */
  stop(): Promise<void>
}>

/** Runs `round` again and again. A node that is silent or refuses is waited for; any other error is a fault of ours and ends the process. */
export function startPollLoop(options: { round: () => Promise<void>; pauseMs: number; log: RailLog }): PollLoop {
  let stopped = false
  let kicked = false
  let wake = (): void => undefined
  let silent = false

  async function pause(): Promise<void> {
    if (kicked || stopped) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.pauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopped) {
      kicked = false
      try {
        await options.round()
        if (silent) options.log('info', 'the node answers again')
        silent = false
      } catch (error) {
        if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
        if (!silent && !stopped) options.log('warn', 'the node does not answer; what is open stays unknown', { why: error.message })
        silent = true
      }
      await pause()
    }
  }

  const running = run()
  return {
    kick() {
      kicked = true
      wake()
    },
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
