import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { NO_PROGRESS_MS } from '../../gateway/ports/patience.ts'
import type { BankOptions, BankReady } from './ready.ts'

const CONTROL_MS_MAX = 10_000

export type RunningBank = Readonly<{
  ready: BankReady
  processId: number
  /** Asks the bank's control server; throws with its words when it refuses. */
  control(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>
  /** Ends the process and waits for it. */
  stop(): Promise<void>
}>

/** Starts the simulated bank in a process of its own, which ends with this one. */
export async function startBank(options: BankOptions): Promise<RunningBank> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...NODE_FLAGS],
  })
  const exited = once(child, 'exit')
  try {
    const early = exited.then(([code]) => Promise.reject(new Error(`the bank ended with ${code} before it was ready`)))
    const [message] = await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(NO_PROGRESS_MS) }), early])
    // main.ts of this folder sends exactly this.
    const { ready } = message as { ready: BankReady }
    return {
      ready,
      processId: child.pid!, // It has sent a message.
      async control(method, path, body) {
        const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        const response = await fetch(ready.controlUrl + path, { method, ...sent, signal: AbortSignal.timeout(CONTROL_MS_MAX) })
        const answer: unknown = await response.json()
        if (!response.ok) throw new Error(`the bank refuses ${method} ${path}: ${JSON.stringify(answer)}`)
        return answer
      },
      async stop() {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
        await exited
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}
