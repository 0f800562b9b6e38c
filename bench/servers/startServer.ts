import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import type { Appends, Hello, ServerMessage } from './underBench.ts'

const START_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000

/** A server under test. `cpuUs` asks its process for its CPU time so far, `appends` for those of its journal since either was asked last. */
export type RunningServer = Readonly<{
  port: number
  base: string
  hello: Hello
  cpuUs(): Promise<number>
  appends(): Promise<Appends>
  stop(): Promise<void>
}>

/** Starts `bench/servers/<name>.ts` with these arguments as a process of its own and waits until it listens. */
export async function startServer(name: string, args: readonly string[] = []): Promise<RunningServer> {
  const child = fork(join(import.meta.dirname, `${name}.ts`), args, { stdio: 'inherit', execArgv: [...NODE_FLAGS] })
  const exited = once(child, 'exit')
  const answer = async (): Promise<ServerMessage> => {
    const ended = exited.then(([code]) => Promise.reject(new Error(`the server ${name} ended with ${code}`)))
    const [message] = await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(START_DEADLINE_MS) }), ended])
    return message as ServerMessage // Only underBench.ts writes to this channel.
  }
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
    await exited
    clearTimeout(kill)
  }
  try {
    const message = await answer()
    if (!('port' in message)) throw new Error(`the server ${name} did not say its port`)
    const ask = async () => {
      const reply = answer()
      child.send('figures')
      const said = await reply
      if (!('cpuUs' in said)) throw new Error(`the server ${name} did not say its CPU time`)
      return said
    }
    const { port, hello } = message
    const asked = { cpuUs: async () => (await ask()).cpuUs, appends: async () => (await ask()).appends }
    return { port, hello, base: `http://127.0.0.1:${port}`, cpuUs: asked.cpuUs, appends: asked.appends, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
