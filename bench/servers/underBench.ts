import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a load must know to pay: an API key, an account. */
export type Hello = Readonly<Record<string, string>>

/** Appends of a journal since it was asked last, each with its fsync; latencies in milliseconds. */
export type Appends = Readonly<{ count: number; p50Ms: number; p99Ms: number }>
/** Of a server that keeps none. */
export const NO_APPENDS: Appends = { count: 0, p50Ms: 0, p99Ms: 0 }

/** What a server under test says to the bench. `cpuUs` is the CPU time of its whole process so far, in microseconds. */
export type ServerMessage = Readonly<{ port: number; hello: Hello }> | Readonly<{ cpuUs: number; appends: Appends }>

/**
 * Listens on a free port of 127.0.0.1 and answers the bench's questions; the process ends with the bench. `hello` is handed to what prepares the
 * load; `close` lets go of what the server holds. A Fastify app is passed as `app.server` after `app.ready()`.
 */
export function underBench(server: Server, options: { hello?: Hello; appends?: () => Appends; close?: () => Promise<void> } = {}): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuUs: user + system, appends: options.appends?.() ?? NO_APPENDS })
  })
  process.on('disconnect', async () => {
    server.close()
    server.closeAllConnections()
    await options.close?.()
    process.exit(0)
  })
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo // A server that listens on a port has an address of this kind.
    process.send?.({ port, hello: options.hello ?? {} })
  })
}
