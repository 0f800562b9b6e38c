import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import type { Seller } from '../../gateway/seller/createSeller.ts'
import type { Meter } from '../../gateway/seller/meter.ts'
import { usd } from '../../gateway/seller/price.ts'
import type { Shop } from './shops.ts'
import { toNode } from './toNode.ts'

/** Where the work is, so that a test can say when it goes on. */
export type Line = { pauseMs: number; failsAt?: number; given: number }

const PRICE = { price: { upto: usd('0.05') } }
const WORDS_MAX = 100

/** `/used?use=0.01` answers what is left; `/words?n=5` is a stream of so many words, each of 0.001 USD; `/failed` has used something and fails. */
async function* words(meter: Meter, count: number, line: Line): AsyncGenerator<string> {
  for (let n = 1; n <= count; n++) {
    if (n === line.failsAt) throw new Error('the model fell over')
    meter.add(usd('0.001'))
    line.given = n
    yield `data: ${n}\n\n`
    await pause(line.pauseMs)
  }
}

const countOf = (text: unknown) => (typeof text === 'string' && /^\d{1,2}$/.test(text) ? Number.parseInt(text, 10) : WORDS_MAX) // not money: words

async function listening(server: Server): Promise<Shop> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export async function meteredExpress(seller: Seller, line: Line): Promise<Shop> {
  const app = express()
  app.get('/used', seller.express(PRICE), (req, res) => {
    const left = seller.meter(req).add(usd(String(req.query.use)))
    res.send(`${left.units} left`)
  })
  app.get('/words', seller.express(PRICE), (req, res) => {
    res.type('text/event-stream')
    Readable.from(words(seller.meter(req), countOf(req.query.n), line))
      .on('error', () => res.destroy())
      .pipe(res)
  })
  app.get('/failed', seller.express(PRICE), (req, res) => {
    seller.meter(req).add(usd('0.01'))
    res.status(500).send('failed')
  })
  return listening(createServer(app))
}

export async function meteredFastify(seller: Seller, line: Line): Promise<Shop> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(seller.fastify)
  app.get<{ Querystring: { use: string } }>('/used', { config: PRICE }, async (request) => {
    return `${seller.meter(request).add(usd(request.query.use)).units} left`
  })
  app.get<{ Querystring: { n?: string } }>('/words', { config: PRICE }, async (request, reply) =>
    reply.type('text/event-stream').send(Readable.from(words(seller.meter(request), countOf(request.query.n), line))),
  )
  app.get('/failed', { config: PRICE }, async (request, reply) => {
    seller.meter(request).add(usd('0.01'))
    return reply.code(500).send('failed')
  })
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() }
}

export async function meteredHono(seller: Seller, line: Line): Promise<Shop> {
  const app = new Hono()
  app.get('/used', seller.hono(PRICE), (c) => c.text(`${seller.meter(c).add(usd(c.req.query('use')!)).units} left`))
  app.get('/words', seller.hono(PRICE), (c) => {
    c.header('content-type', 'text/event-stream')
    const meter = seller.meter(c)
    const write: Parameters<typeof stream>[1] = async (out) => {
      for await (const word of words(meter, countOf(c.req.query('n')), line)) {
        if (out.aborted) return
        await out.write(word)
      }
    }
    // Without this it prints the stack.
    return stream(c, write, async () => {})
  })
  app.get('/failed', seller.hono(PRICE), (c) => {
    seller.meter(c).add(usd('0.01'))
    return c.text('failed', 500)
  })
  return listening(createServer(toNode((request) => app.fetch(request))))
}

export async function meteredFetch(seller: Seller, line: Line): Promise<Shop> {
  const asked = (request: Request, name: string) => new URL(request.url).searchParams.get(name)
  const streamed = (source: AsyncIterable<string>) =>
    Readable.toWeb(Readable.from(source).map((word: string) => Buffer.from(word))) as ReadableStream<Uint8Array>
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    '/used': seller.fetch(PRICE, (request) => new Response(`${seller.meter(request).add(usd(asked(request, 'use')!)).units} left`)),
    '/words': seller.fetch(PRICE, (request) => {
      const headers = { 'content-type': 'text/event-stream' }
      return new Response(streamed(words(seller.meter(request), countOf(asked(request, 'n')), line)), { headers })
    }),
    '/failed': seller.fetch(PRICE, (request) => {
      seller.meter(request).add(usd('0.01'))
      return new Response('failed', { status: 500 })
    }),
  }
  return listening(createServer(toNode((request) => routes[new URL(request.url).pathname]!(request))))
}

export async function meteredNode(seller: Seller, line: Line): Promise<Shop> {
  const asked = (url: string | undefined, name: string) => new URL(url ?? '/', 'http://x').searchParams.get(name)
  const work: Record<string, (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown> = {
    '/used': seller.node(PRICE, (req, res) => res.end(`${seller.meter(req).add(usd(asked(req.url, 'use')!)).units} left`)),
    '/words': seller.node(PRICE, (req, res) => {
      res.setHeader('content-type', 'text/event-stream')
      Readable.from(words(seller.meter(req), countOf(asked(req.url, 'n')), line))
        .on('error', () => res.destroy())
        .pipe(res)
    }),
    '/failed': seller.node(PRICE, (req, res) => {
      seller.meter(req).add(usd('0.01'))
      res.writeHead(500).end('failed')
    }),
  }
  return listening(createServer((req, res) => void work[new URL(req.url ?? '/', 'http://x').pathname]!(req, res)))
}
