import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import type { Seller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { toNode } from './toNode.ts'

/** What the shop's work does, so that a test can say what runs and when it ends. */
export type Work = { joke: () => string | Promise<string> }
export type Shop = Readonly<{ url: string; close: () => Promise<void> }>

/** More than is kept for a repeat. */
export const LONG = 'long '.repeat(40_000)
export const BYTES = Uint8Array.from({ length: 256 }, (_, n) => n)
export const PARTS = ['one ', 'two ', 'three']
const PRICE = { price: usd('0.002') }
/** A dollar for each page. */
const PAGES = (text: string | null | undefined) => (text === 'none' ? 'free' : usd(`${Number.parseInt(text ?? '1', 10)}`))
const THROWS = {
  price: (): never => {
    throw new Error('no price list')
  },
}

async function* parts(): AsyncGenerator<string> {
  for (const part of PARTS) {
    yield part
    // Longer than a short answer takes.
    await new Promise((resolve) => setTimeout(resolve, 120))
  }
}

async function listening(server: Server): Promise<Shop> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => void server.close(() => resolve())) }
}

export async function expressShop(seller: Seller, work: Work): Promise<Shop> {
  const app = express()
  app.use(express.json())
  app.get('/joke', seller.express(PRICE), async (_, res) => void res.send(await work.joke()))
  app.post('/echo', seller.express(PRICE), (req, res) => void res.json(req.body))
  app.get('/long', seller.express(PRICE), (_, res) => void res.send(LONG))
  app.get('/bytes', seller.express(PRICE), (_, res) => void res.type('application/octet-stream').send(Buffer.from(BYTES)))
  app.get('/parts', seller.express(PRICE), (_, res) => void Readable.from(parts()).pipe(res))
  app.get('/broken', seller.express(PRICE), () => {
    throw new Error('broken work')
  })
  app.get(
    '/pages',
    seller.express({ price: (req) => PAGES(new URL(req.originalUrl, 'http://x').searchParams.get('n')) }),
    (_, res) => void res.send('pages'),
  )
  app.get('/throws', seller.express(THROWS), (_, res) => void res.send('never'))
  // Express would print the stack of the broken work.
  app.use((_: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => void res.status(500).send('broken'))
  return listening(createServer(app))
}

export async function fastifyShop(seller: Seller, work: Work): Promise<Shop> {
  const app = Fastify()
  await app.register(seller.fastify)
  app.get('/joke', { config: PRICE }, () => work.joke())
  app.post('/echo', { config: PRICE }, async (request) => request.body)
  app.get('/long', { config: PRICE }, async () => LONG)
  app.get('/bytes', { config: PRICE }, async (_, reply) => reply.type('application/octet-stream').send(Buffer.from(BYTES)))
  app.get('/parts', { config: PRICE }, async (_, reply) => reply.send(Readable.from(parts())))
  app.get('/broken', { config: PRICE }, async () => {
    throw new Error('broken work')
  })
  app.get(
    '/pages',
    { config: { price: (request: { originalUrl: string }) => PAGES(/n=(\w+)/.exec(request.originalUrl)?.[1]) } },
    async () => 'pages',
  )
  app.get('/throws', { config: THROWS }, async () => 'never')
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() }
}

export async function honoShop(seller: Seller, work: Work): Promise<Shop> {
  const app = new Hono()
  app.get('/joke', seller.hono(PRICE), async (c) => c.text(await work.joke()))
  app.post('/echo', seller.hono(PRICE), async (c) => c.json(await c.req.json()))
  app.get('/long', seller.hono(PRICE), (c) => c.text(LONG))
  app.get('/bytes', seller.hono(PRICE), (c) => c.body(BYTES))
  app.get('/parts', seller.hono(PRICE), (c) =>
    stream(c, async (out) => {
      for await (const part of parts()) await out.write(part)
    }),
  )
  app.get('/broken', seller.hono(PRICE), () => {
    throw new Error('broken work')
  })
  app.get('/pages', seller.hono({ price: (c) => PAGES(new URL(c.req.raw.url).searchParams.get('n')) }), (c) => c.text('pages'))
  app.get('/throws', seller.hono(THROWS), (c) => c.text('never'))
  app.onError((_, c) => c.text('broken', 500))
  return listening(createServer(toNode((request) => app.fetch(request))))
}

export async function fetchShop(seller: Seller, work: Work): Promise<Shop> {
  const streamed = () => new Response(Readable.toWeb(Readable.from(parts(), { objectMode: false })) as ReadableStream<Uint8Array>)
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    '/joke': seller.fetch(PRICE, async () => new Response(await work.joke())),
    '/echo': seller.fetch(PRICE, async (request) => Response.json(await request.json())),
    '/long': seller.fetch(PRICE, () => new Response(LONG)),
    '/bytes': seller.fetch(PRICE, () => new Response(BYTES)),
    '/parts': seller.fetch(PRICE, streamed),
    '/broken': seller.fetch(PRICE, () => {
      throw new Error('broken work')
    }),
    '/pages': seller.fetch({ price: (request) => PAGES(new URL(request.url).searchParams.get('n')) }, () => new Response('pages')),
    '/throws': seller.fetch(THROWS, () => new Response('never')),
  }
  return listening(createServer(toNode((request) => routes[new URL(request.url).pathname]!(request))))
}

export async function nodeShop(seller: Seller, work: Work): Promise<Shop> {
  const routes: Record<string, RequestListener> = {
    '/joke': seller.node(PRICE, async (_, res) => res.end(await work.joke())),
    '/echo': seller.node(PRICE, async (req, res) => {
      const chunks: Buffer[] = []
      for await (const chunk of req) chunks.push(chunk as Buffer)
      res.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.concat(chunks))
    }),
    '/long': seller.node(PRICE, (_, res) => res.end(LONG)),
    '/bytes': seller.node(PRICE, (_, res) => res.end(BYTES)),
    '/parts': seller.node(PRICE, (_, res) => Readable.from(parts()).pipe(res)),
    '/broken': seller.node(PRICE, () => {
      throw new Error('broken work')
    }),
    '/pages': seller.node({ price: (req) => PAGES(/n=(\w+)/.exec(req.url ?? '')?.[1]) }, (_, res) => res.end('pages')),
    '/throws': seller.node(THROWS, (_, res) => res.end('never')),
  }
  const server = createServer((req, res) => {
    const path = new URL(req.url ?? '/', 'http://x').pathname
    // The work threw, and the face has said so to the payer.
    Promise.resolve(routes[path]!(req, res)).catch(() => {})
  })
  return listening(server)
}
