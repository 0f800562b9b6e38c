import { GatewayError } from '../errors/gatewayError.ts'
import { documentFaces } from './documentFaces.ts'
import { createDocuments } from './documents.ts'
import { expressFace } from './expressFace.ts'
import { fastifyFace } from './fastifyFace.ts'
import { fetchFace } from './fetchFace.ts'
import { honoFace } from './honoFace.ts'
import { mcpFace } from './mcpFace.ts'
import type { Meter } from './meter.ts'
import { createMeters } from './meters.ts'
import { nodeFace } from './nodeFace.ts'
import { createPaywall } from './paywall.ts'

export type SellerOptions = Readonly<{
  /** Where the gateway is reached from here, such as http://127.0.0.1:8402. */
  gateway: string
  /** The API key of the party that sells, or of an operator. */
  key: string | undefined
  /** How payers reach this app, such as https://api.example.com, where the requests do not say it: behind a proxy, for one. */
  publicUrl?: string
  /** What the app is called in the documents of what it sells, and in a sentence what it is; its host when absent. */
  name?: string
  description?: string
  /** Where lines for the seller go; `console.error` when absent. */
  log?: (line: string) => void
}>

export type Seller = ReturnType<typeof createSeller>

/**
 * Puts the paywall of a gateway before routes of this app: one face for each kind of server. Throws `seller_misconfigured`; the gateway is first asked by
 * the first request.
 */
export function createSeller({ gateway, key, publicUrl, name = '', description = '', log = (line) => console.error(line) }: SellerOptions) {
  if (key === undefined || !/^sk_[A-Za-z0-9_-]{8,128}$/.test(key)) {
    throw new GatewayError('seller_misconfigured', key ? 'The key is no API key of a gateway' : 'createSeller was given no key', {
      hint: 'Give it the API key that POST /v1/parties answered in Switchyard-Api-Key; it begins with sk_.',
    })
  }
  const address = { gateway: originOf('gateway', gateway), key }
  const paywall = createPaywall({ ...address, log })
  const origin = publicUrl === undefined ? undefined : originOf('publicUrl', publicUrl)
  const documents = createDocuments({ ...address, publicUrl: origin, name, description })
  const meters = createMeters()
  const face = { publicUrl: origin, meters }
  const fetch = fetchFace(paywall, documents, face)
  return {
    /** `seller.fetch({ price }, (request) => response)`, for any server that takes such a handler. */
    fetch,
    /** `export const GET = seller.next({ price }, handler)` in a route handler of Next.js. */
    next: fetch,
    /** `app.get('/path', seller.hono({ price }), handler)` */
    hono: honoFace(paywall, documents, face),
    /** `app.get('/path', seller.express({ price }), handler)` */
    express: expressFace(paywall, documents, face),
    /** `server.registerTool('joke', config, seller.mcp({ price, tool: 'joke' }, handler))` of an MCP server */
    mcp: mcpFace(paywall, face),
    /** `createServer(seller.node({ price }, (request, response) => ...))` */
    node: nodeFace(paywall, documents, face),
    /** `await app.register(seller.fastify)`, then routes with `config: { price }` */
    fastify: fastifyFace(paywall, documents, { ...face, settled: paywall.settled }),
    /**
     * `/openapi.json`, `/.well-known/x402` and `/llms.txt` of the routes that are `listed`: `app.use(seller.documents.node)` in Express, and
     * `await seller.documents.fetch(request)` elsewhere, which is undefined for every other path. In Fastify they are there.
     */
    documents: documentFaces(documents),
    /** The meter of a request whose price is `{ upto }`, by what its handler was given: `seller.meter(request).add(usd('0.0004'))`. */
    meter: (request: object): Meter => meters.of(request),
    /** Resolves when the gateway has every answer, or none is tried any more. Await it before the process ends. */
    settled: paywall.settled,
  }
}

function originOf(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new GatewayError('seller_misconfigured', `${name} is "${text}", which is no address of a server`, {
      hint: `Give it as scheme, host and port, such as http://127.0.0.1:8402, without a path.`,
    })
  }
  return url.origin
}
