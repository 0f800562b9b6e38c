import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import type { ProfileName } from '../../world/chain/profiles.ts'
import type { ChainReady, ChainReadyMessage } from '../../world/chain/ready.ts'

const MAIN = fileURLToPath(new URL('../../world/chain/main.ts', import.meta.url))

export type ChainProcess = ChainReady & Readonly<{ processId: number; stop: () => Promise<void> }>

/** A local chain of `world/`, the main one unless told, as a process of its own. It also ends when this process does. */
export async function startChain(profile: ProfileName = 'mainChain'): Promise<ChainProcess> {
  const child = fork(MAIN, [profile], { execArgv: [...NODE_FLAGS] })
  const exit = once(child, 'exit')
  // The only message that the process sends.
  const message = once(child, 'message').then(([first]) => first as ChainReadyMessage)
  const early = exit.then(([code]) => Promise.reject(new Error(`the chain exited with ${code} before it was ready`)))
  early.catch(() => {})
  const [ready] = (await Promise.race([message, early])).ready
  if (!ready) throw new Error('the chain is ready without saying what it is')
  return {
    ...ready,
    processId: child.pid!, // It has sent a message.
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** One JSON-RPC call, for what a test does to the chain by itself. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  // A node's own answer, in its standard envelope.
  const answer = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
  return answer.result
}
