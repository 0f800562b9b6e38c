import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

/**
 * What becomes of the next request that mentions a word: `lose` breaks the connection before the server gets it, `forget` breaks it after the server
 * has answered, `silence` takes it and never answers, `hold` breaks the connection and delivers it when `deliver` is called.
 */
export type Fate = 'lose' | 'forget' | 'silence' | 'hold'

export type CuttingProxy = Readonly<{
  /** The same URL by way of the proxy. */
  url: string
  /** Decides the fate of the next request that contains `word`; later ones pass. */
  next(word: string, fate: Fate): void
  /** While it is on, new connections are refused. */
  refuse(on: boolean): void
  /** Hands the held request to the server on its old connection, and resolves when the server has answered it. */
  deliver(): Promise<void>
  close(): Promise<void>
}>

/** A proxy before a database that can break connections at a chosen moment. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let plan: { word: string; fate: Fate } | undefined
  let held: { upstream: Socket; bytes: Buffer } | undefined

  let refusing = false

  const server = createServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const upstream = dial(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    let mute = false
    upstream.on('data', (bytes) => {
      if (!mute) client.write(bytes)
    })
    upstream.on('close', () => client.destroy())
    // A held request outlives its client.
    client.on('close', () => held?.upstream !== upstream && upstream.destroy())
    client.on('data', (bytes) => {
      const fate = plan && bytes.includes(plan.word) ? plan.fate : undefined
      if (fate === undefined) {
        if (!mute) upstream.write(bytes)
        return
      }
      plan = undefined
      mute = true
      if (fate === 'forget') {
        upstream.once('data', () => client.destroy())
        upstream.write(bytes)
      }
      if (fate === 'hold') held = { upstream, bytes }
      if (fate === 'lose' || fate === 'hold') client.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const through = new URL(url)
  through.port = String(address.port)

  return {
    url: through.href,
    next(word, fate) {
      plan = { word, fate }
    },
    refuse(on) {
      refusing = on
    },
    async deliver() {
      if (!held) throw new Error('nothing is held')
      const { upstream, bytes } = held
      upstream.write(bytes)
      await once(upstream, 'data')
      upstream.destroy()
      held = undefined
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
