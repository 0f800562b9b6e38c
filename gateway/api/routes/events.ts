import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { EventsFace } from '../../events/openEvents.ts'
import type { EventFilter } from '../../ports/readModel.ts'
import { type Caller, callerId } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { eventsQuery } from './eventWire.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const STREAM_TYPE = 'text/event-stream'

/** What happened, as events: pages behind a cursor, and the same as a stream. A party reads its own, the operator all. */
export function eventRoutes({ callers, events }: Pick<Faces, 'callers' | 'events'>): FastifyPluginAsyncZod {
  return async (app) => {
    // A stream has no end of its own, and closing waits for every answer.
    app.addHook('preClose', async () => events.endStreams())
    app.get(
      '/v1/events',
      {
        schema: {
          querystring: eventsQuery,
          tags: ['events'],
          summary: 'What happened, the oldest first; with `Accept: text/event-stream` as a stream that goes on (`Last-Event-ID`)',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { limit, after } = request.query
        const filter = filterOf(caller, request.query)
        if (wantsStream(request)) return openStream(events, { caller, filter, after, request, reply, may: () => mayRead(callers, request) })
        const found = await events.page(filter, after, limit + 1)
        const page = found.slice(0, limit)
        const next = page.at(-1)?.id ?? after ?? null
        const data = page.map(({ body }) => body).join(',')
        return reply.type(JSON_TYPE).send(`{"data":[${data}],"has_more":${found.length > limit},"next":${JSON.stringify(next)}}`)
      },
    )
    app.get('/v1/events/:id', { schema: { params: byId, tags: ['events'], summary: 'One event' } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = await events.one(request.params.id, partyOf(caller))
      return reply.type(JSON_TYPE).send(body)
    })
  }
}

function filterOf(caller: Caller, { type, subject }: z.infer<typeof eventsQuery>): EventFilter {
  const party = partyOf(caller)
  return { ...(party === undefined ? {} : { party }), ...(type ? { types: type } : {}), ...(subject === undefined ? {} : { subject }) }
}

function partyOf(caller: Caller): string | undefined {
  return caller.kind === 'party' ? caller.party.id : undefined
}

function wantsStream({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes(STREAM_TYPE)
}

/** A key may be revoked while its stream is open. */
function mayRead(callers: Pick<Faces['callers'], 'authenticate'>, request: FastifyRequest): boolean {
  try {
    callers.authenticate(request)
    return true
  } catch (error) {
    if (isGatewayError(error)) return false
    throw error
  }
}

type Asked = Readonly<{
  caller: Caller
  filter: EventFilter
  after: string | undefined
  request: FastifyRequest
  reply: FastifyReply
  may: () => boolean
}>

/** The id that a reader has read last stands before the one that its URL began with. */
export async function openStream(events: EventsFace, { caller, filter, after, request, reply, may }: Asked): Promise<FastifyReply> {
  const last = request.headers['last-event-id']
  const open = await events.stream(callerId(caller), filter, typeof last === 'string' && last !== '' ? last : after)
  reply.hijack()
  const { raw } = reply
  if (raw.destroyed) return reply
  raw.writeHead(200, { 'content-type': STREAM_TYPE, 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  const close = open({ may, write: (chunk, taken) => void raw.write(chunk, (error) => error ?? taken()), end: () => raw.destroy() })
  raw.once('close', close)
  return reply
}
