import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Hex } from '../../gateway/ports/ids.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

/** The gateway that the clients pay, and the world's doors. `controlUrl`: of the customer's Lightning node. */
export type Shop = Readonly<{
  url: string
  rpcUrl: string
  controlUrl: string
  chainId: number
  token: Hex
  tokenName: string
  tokenVersion: string
  customers: readonly Readonly<{ address: Hex; privateKey: Hex }>[]
}>

/** Starts it in a process of its own, which also ends when this one does. */
export function forkWorld(): Readonly<{ ready: Promise<Shop>; stop: () => Promise<void> }> {
  const child = fork(fileURLToPath(new URL('./worldProcess.ts', import.meta.url)), [], { execArgv: [...NODE_FLAGS] })
  const exit = once(child, 'exit')
  // The only message that the process sends.
  const message = once(child, 'message').then(([shop]) => shop as Shop)
  const early = exit.then(([code]) => Promise.reject(new Error(`the clients' world exited with ${code} before it was ready`)))
  const ready = Promise.race([message, early])
  for (const promise of [early, ready]) promise.catch(() => {})
  return {
    ready,
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}
