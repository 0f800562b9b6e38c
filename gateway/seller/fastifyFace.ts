import { GatewayError } from '../errors/gatewayError.ts'
import { begunAnswer } from './begunAnswer.ts'
import type { Documents } from './documents.ts'
import { endingAlways } from './endingAlways.ts'
import type { FaceOptions } from './faceOptions.ts'
import { flowing, type NodeStream, type Streamed } from './flow.ts'
import { heldParts, KEPT_BYTES_MAX, keptText } from './keptText.ts'
import { nodeAsked } from './nodeFace.ts'
import { type NodeRequest, nodeHeader } from './nodeRequest.ts'
import { asItIs, keepsWithoutBody } from './nodeResponse.ts'
import { checkPriced } from './pass.ts'
import type { Entry, Paywall } from './paywall.ts'
import type { Priced } from './price.ts'
import type { Reply } from './wire.ts'

/** What is used of Fastify's request, reply and app. */
type FastifyAsked = NodeRequest & {
  readonly protocol: string
  readonly host: string
  readonly ip: string
  readonly originalUrl: string
  readonly is404: boolean
  readonly routeOptions: { readonly url?: string | undefined; readonly config: object }
}
type FastifyAnswer = {
  readonly raw: { readonly closed: boolean; once(event: 'close', over: () => void): unknown }
  readonly statusCode: number
  code(status: number): unknown
  header(name: string, value: string | string[]): unknown
  getHeader(name: string): unknown
  getHeaders(): Record<string, unknown>
  removeHeader(name: string): unknown
  send(payload: string): unknown
}
type Hook = (request: FastifyAsked, reply: FastifyAnswer, payload?: unknown) => Promise<unknown>
type Handler = (this: never, request: FastifyAsked, reply: FastifyAnswer) => unknown
type Route = { readonly config?: object | undefined; readonly method: string | string[]; readonly url: string; handler: Handler }
type OnRoute = (route: Route) => void
type FastifyApp = Readonly<{ version: string; addHook: (name: never, hook: never) => unknown }>
/** `before`: the headers that the app set before the work began. */
type Running = Extract<Entry, { kind: 'run' }> & Readonly<{ before: Record<string, unknown> }>

/** A plugin: routes whose `config` has a `price` are paid for. Register it before them. */
export function fastifyFace(paywall: Paywall, documents: Documents, o: FaceOptions & { settled: () => Promise<void> }) {
  const runs = new WeakMap<object, Running>()

  /** The app's own routes come before the documents. */
  const onRequest: Hook = async (request, reply) => {
    const { protocol, host, originalUrl, method = 'GET', is404 } = request
    const path = originalUrl.split('?')[0]!
    if (!is404 || !documents.isFor({ method, path })) return undefined
    const ifNoneMatch = nodeHeader(request, 'if-none-match')
    const { status, headers, body } = await documents.answer({ method, path, origin: `${protocol}://${host}`, ifNoneMatch })
    for (const [name, value] of headers) reply.header(name, value)
    reply.code(status)
    return reply.send(body)
  }

  const preHandler: Hook = async (request, reply) => {
    const priced = request.routeOptions.config as Partial<Priced<FastifyAsked>>
    if (priced.price === undefined) return undefined
    const { originalUrl, protocol, host, ip: from } = request
    const url = `${o.publicUrl ?? `${protocol}://${host}`}${originalUrl}`
    const route = request.routeOptions.url ?? originalUrl.split('?')[0]!
    const entry = await paywall.admit(priced as Priced<FastifyAsked>, nodeAsked(request, { url, route, from, isRouted: true }))
    const before = Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, asItIs(value)]))
    if (entry.kind === 'run') runs.set(o.meters.keep(request, entry), { ...entry, before })
    if (entry.kind !== 'reply') return undefined
    setReply(reply, entry.reply, before)
    return reply.send(entry.reply.body)
  }

  const onSend: Hook = async (request, reply, given) => {
    const run = runs.get(request)
    if (!run) return given
    runs.delete(request)
    const payload = await begunAnswer(given, reply, () => runs.set(request, run))
    const contentType = String(reply.getHeader('content-type') ?? 'text/plain; charset=utf-8')
    const finished = await run.finish({ status: reply.statusCode, contentType, body: textOf(payload), open: isStream(payload) })
    if (finished.kind === 'give') {
      for (const [name, value] of finished.headers) reply.header(name, value)
      return finished.flow && isStream(payload) ? flowing(payload, finished.flow, heldParts()) : payload
    }
    if (payload instanceof ReadableStream) void payload.cancel().catch(() => {})
    else if (isNodeStream(payload)) payload.destroy?.()
    setReply(reply, finished.reply, run.before)
    return finished.reply.body
  }

  const plugin = async (app: FastifyApp): Promise<void> => {
    if (!/^5\./.test(app?.version ?? '')) {
      throw new GatewayError(
        'seller_misconfigured',
        `seller.fastify was registered with ${app?.version ? `Fastify ${app.version}` : 'no Fastify'}`,
        {
          hint: 'Install fastify 5 and write await app.register(seller.fastify).',
        },
      )
    }
    const addHook = app.addHook.bind(app) as (name: string, hook: Hook | OnRoute | (() => Promise<void>)) => unknown
    addHook(
      'onRoute',
      onRoute(documents, (request) => runs.has(request)),
    )
    addHook('onRequest', onRequest)
    addHook('preHandler', preHandler)
    addHook('onSend', onSend)
    addHook('onClose', o.settled)
  }
  // Its hooks are for the app that registers it, and not for a scope of its own.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

function onRoute(documents: Documents, isOpen: (request: object) => boolean): OnRoute {
  return (route) => {
    const { config = {}, method, url } = route
    const priced = config as Partial<Priced<never>> // What it is, is looked at.
    if (priced.price === undefined) return
    checkPriced({ price: priced.price, ...(priced.pass && { pass: priced.pass }) })
    route.handler = endingAlways(route.handler, isOpen)
    for (const name of [method].flat()) documents.add(priced as Priced<never>, { method: name, path: url }) // It has a price.
  }
}

function setReply(reply: FastifyAnswer, { status, headers }: Reply, before: Record<string, unknown>): void {
  // All of them, because Fastify would add a cookie to the one that is there.
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  for (const [name, value] of Object.entries(before)) if (keepsWithoutBody(name)) reply.header(name, value as string | string[]) // As it was set.
  reply.code(status)
  const authenticate = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  for (const [name, value] of headers) if (name !== 'www-authenticate') reply.header(name, value)
  if (authenticate.length > 0) reply.header('www-authenticate', authenticate)
}

/** The payload as text that is kept; undefined for a stream, for what is longer and for what is no text. */
function textOf(payload: unknown): string | undefined {
  if (payload === undefined || payload === null) return ''
  // Most answers are short and well formed, and need no bytes to see that: a letter of UTF-16 is three of UTF-8 at most.
  if (typeof payload === 'string' && payload.length * 3 <= KEPT_BYTES_MAX && payload.isWellFormed()) return payload
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  return bytes instanceof Uint8Array && bytes.byteLength <= KEPT_BYTES_MAX ? keptText([bytes]) : undefined
}

function isStream(payload: unknown): payload is Streamed {
  return payload instanceof ReadableStream || isNodeStream(payload)
}

function isNodeStream(payload: unknown): payload is NodeStream {
  return typeof (payload as { destroy?: unknown } | undefined)?.destroy === 'function'
}
