import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Endpoint } from '../../events/webhooks/endpoint.ts'
import type { Endpoints } from '../../events/webhooks/endpoints.ts'
import type { Delivery } from '../../ports/webhookOutbox.ts'
import { API_VERSIONS } from '../http/apiVersion.ts'
import { type Caller, callerId, findOwn, requireAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { changeEndpoint, createEndpoint, deliveriesPage, endpointsPage, replayEvents, rotateSecret } from './webhookWire.ts'

const MS_PER_S = 1_000
const SECRET_HEADER = 'switchyard-webhook-secret'
/** Also what a repeat says, after an answer that was lost with the secret in it. */
const HINT = `The secret is in the header ${SECRET_HEADER} of the first answer to this request, and nowhere else. Where it is lost, rotate it.`

/** Whoever says where events go, or renews the secret, reads them. */
const READING = { resource: 'events', verb: 'read' } as const

type Needs = Pick<Faces, 'callers' | 'webhooks' | 'events'>
type Hand = Parameters<Endpoints['enable']>[1]

/** Webhook endpoints: make, see, change, end; what each was brought, and bringing it again. */
export function webhookEndpointRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addChanges(app, faces)
    addSecret(app, faces)
    addReplay(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, webhooks: { endpoints } }: Needs): void {
  const summary = 'Have events brought to a receiver; its secret is in a header of this answer, this once'
  app.post('/v1/webhook_endpoints', { schema: { body: createEndpoint, tags: ['webhooks'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireAlso(caller, READING)
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (made: Endpoint) => record(201, { ...endpointView(made), hint: HINT })
      const by = callerId(caller)
      const version = String(request.headers['switchyard-version'] ?? API_VERSIONS[0])
      const made = await endpoints.create({ ...request.body, holder: by, version }, { by, along })
      reply.header(SECRET_HEADER, endpoints.secretOf(made))
    })
  })
}

function addReading(app: RouteApp, { callers, webhooks: { endpoints, deliveries } }: Needs): void {
  const tags = ['webhooks']
  const listed = { querystring: endpointsPage, tags, summary: 'Webhook endpoints in the order in which they were made' }
  app.get('/v1/webhook_endpoints', { schema: listed }, async (request) => {
    const caller = callers.authenticate(request)
    const { limit, after, party } = request.query
    if (party !== undefined) requireParty(caller, party)
    const holder = caller.kind === 'party' ? caller.party.id : party
    const all = holder === undefined ? endpoints.all() : endpoints.ofHolder(holder)
    const at = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    if (after !== undefined && at === 0) throw new GatewayError('invalid_request', `There is no webhook endpoint ${after} to go on after`)
    const shown = all.slice(at, at + limit)
    const next = at + limit < all.length ? shown.at(-1)?.id : undefined
    return { data: shown.map(endpointView), has_more: next !== undefined, ...(next ? { next } : {}) }
  })
  app.get('/v1/webhook_endpoints/:id', { schema: { params: byId, tags, summary: 'One webhook endpoint' } }, async (request) =>
    endpointView(own(endpoints, callers.authenticate(request), request.params.id)),
  )
  const log = {
    params: byId,
    querystring: deliveriesPage,
    tags,
    summary: 'What it was brought, each event with its tries, the newest first',
  }
  app.get('/v1/webhook_endpoints/:id/deliveries', { schema: log }, async (request) => {
    const { id } = own(endpoints, callers.authenticate(request), request.params.id)
    const { limit, after, status: state } = request.query
    const found = deliveries(id, { limit: limit + 1, after, state })
    const shown = found.slice(0, limit)
    const next = found.length > limit ? shown.at(-1)?.event : undefined
    return { data: shown.map(deliveryView), has_more: next !== undefined, ...(next ? { next } : {}) }
  })
}

function addChanges(app: RouteApp, faces: Needs): void {
  const tags = ['webhooks']
  const { endpoints } = faces.webhooks
  const change = { params: byId, body: changeEndpoint, tags, summary: 'Change its URL, its types or its words; null takes away' }
  app.patch('/v1/webhook_endpoints/:id', { schema: change }, async (request, reply) => {
    requireAlso(faces.callers.authenticate(request), READING)
    return doing(faces, request, reply, (id, hand) => endpoints.change(id, request.body, hand))
  })
  const enable = { params: byId, tags, summary: 'Bring events again; what has waited is brought first' }
  app.post('/v1/webhook_endpoints/:id/enable', { schema: enable }, async (request, reply) =>
    doing(faces, request, reply, (id, hand) => endpoints.enable(id, hand)),
  )
  const disable = { params: byId, tags, summary: 'Bring nothing until it is enabled again; events wait' }
  app.post('/v1/webhook_endpoints/:id/disable', { schema: disable }, async (request, reply) =>
    doing(faces, request, reply, (id, hand) => endpoints.disable(id, hand)),
  )
  const remove = { params: byId, tags, summary: 'Delete it with what waits for it' }
  app.delete('/v1/webhook_endpoints/:id', { schema: remove }, async (request, reply) =>
    doing(faces, request, reply, (id, hand) => endpoints.remove(id, hand)),
  )
}

function addSecret(app: RouteApp, { callers, webhooks: { endpoints } }: Needs): void {
  const summary = 'Give it a new secret; the old one signs too for an overlap'
  const schema = { params: byId, body: rotateSecret, tags: ['webhooks'], summary }
  app.post('/v1/webhook_endpoints/:id/rotate_secret', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireAlso(caller, READING)
    return callers.idempotent(request, reply, caller, async (record) => {
      const { id } = own(endpoints, caller, request.params.id)
      const along = (after: Endpoint) => record(201, { ...endpointView(after), hint: HINT })
      const after = await endpoints.rotate(id, request.body.overlap_s * MS_PER_S, { by: callerId(caller), along })
      reply.header(SECRET_HEADER, endpoints.secretOf(after))
    })
  })
}

function addReplay(app: RouteApp, faces: Needs): void {
  const summary = 'Bring events again, from one to another; also those that have arrived'
  const schema = { params: byId, body: replayEvents, tags: ['webhooks'], summary }
  app.post('/v1/webhook_endpoints/:id/replay', { schema }, async (request, reply) => {
    const { from, until } = request.body
    requireAlso(faces.callers.authenticate(request), READING)
    if (until !== undefined && until < from) throw new GatewayError('invalid_request', '`until` is an event before `from`')
    return doing(faces, request, reply, async (id, hand) => {
      const { holder } = faces.webhooks.endpoints.get(id)
      const party = holder.startsWith('pa_') ? holder : undefined
      for (const event of until === undefined ? [from] : [from, until]) await faces.events.one(event, party)
      await faces.webhooks.endpoints.replay(id, { from, until }, hand)
    })
  })
}

/** Does something with an endpoint of the caller, once, and answers what it is then. */
async function doing(
  { callers, webhooks }: Pick<Needs, 'callers' | 'webhooks'>,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (id: string, hand: Hand) => Promise<void>,
): Promise<FastifyReply> {
  const caller = callers.authenticate(request)
  return callers.idempotent(request, reply, caller, async (record) => {
    const { id } = own(webhooks.endpoints, caller, (request.params as { id: string }).id) // As each of these routes has it.
    await work(id, { by: callerId(caller), along: (after) => record(200, endpointView(after)) })
  })
}

function own(endpoints: Pick<Endpoints, 'get'>, caller: Caller, id: string): Endpoint {
  return findOwn(
    caller,
    () => endpoints.get(id),
    ({ holder }, party) => holder === party,
  )
}

function endpointView(endpoint: Endpoint) {
  const { id, holder, url, version, types, description, metadata, off, failingSince, createdAt } = endpoint
  const isParty = holder.startsWith('pa_')
  return {
    id,
    object: 'webhook_endpoint',
    url,
    types: types ?? null,
    description: description ?? null,
    status: off === undefined ? 'enabled' : 'disabled',
    disabled_because: off?.why ?? null,
    failing_since: failingSince === undefined ? null : new Date(failingSince).toISOString(),
    party: isParty ? holder : null,
    operator: isParty ? null : holder,
    version,
    metadata,
    created_at: new Date(createdAt).toISOString(),
  }
}

function deliveryView({ event, type, subject, state, nextAt, tries }: Delivery) {
  return {
    event,
    object: 'delivery',
    type,
    subject,
    status: state,
    next_try_at: state === 'waiting' ? new Date(nextAt).toISOString() : null,
    tries: tries.map(({ at, tookMs, status, detail }) => ({
      at: new Date(at).toISOString(),
      took_ms: tookMs,
      status: status === 0 ? null : status,
      detail,
    })),
  }
}
