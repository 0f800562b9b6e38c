import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { APPROVALS, type Key, type KeyTerms, roleAllows, statusOf } from '../../parties/keys/key.ts'
import type { Keys } from '../../parties/keys/keys.ts'
import type { PartyId } from '../../ports/ids.ts'
import { type Matter, withApproval } from '../http/approving.ts'
import { type Caller, callerId, findOwn, KEY_HEADER, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { requireNoWider } from '../http/requireNoWider.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { createKey, keysPage, rotateKey } from './keyWire.ts'

const MS_PER_S = 1_000
/** Also what a repeat says, after an answer that was lost with the key in it. */
const HINT = `The secret is in the header ${KEY_HEADER} of the first answer to this request, and nowhere else. Where it is lost, rotate the key.`

type Needs = Pick<Faces, 'approvals' | 'callers' | 'ground' | 'parties'>

/** API keys: make, see, renew, end. A secret is told once, and kept nowhere. */
export function keyRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addRotation(app, faces)
    addEnd(app, faces)
  }
}

function addCreation(app: RouteApp, { approvals, callers, ground, parties }: Needs): void {
  const summary = 'Make a key, with fewer rights where wanted; its secret is in a header of this answer, this once'
  app.post('/v1/keys', { schema: { body: createKey, tags: ['keys'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { name, party, can, addresses, expires_in_s: lifeS, publishable, metadata } = request.body
    if (party !== undefined) requireParty(caller, party)
    const holder = party === undefined ? callerId(caller) : parties.parties.get(party).id
    return callers.idempotent(request, reply, caller, async (plain) => {
      const now = ground.clock.now()
      const endsAt = lifeS === undefined ? undefined : now + lifeS * MS_PER_S
      const terms = { can, addresses, endsAt, publishable, ...personOf(request.body, { caller, holder }) }
      requireNoWider(terms, caller)
      const matter = matterOf(terms, { holder, caller, approvals })
      await withApproval(approvals, { request, caller, record: plain }, matter, async (record) => {
        const along = (key: Key) => record(201, { ...keyView(key, { now, keys: parties.keys }), hint: HINT })
        reply.header(KEY_HEADER, await parties.keys.create({ holder, name, metadata, ...terms }, { by: callerId(caller), along }))
      })
    })
  })
}

function addReading(app: RouteApp, { callers, ground, parties: { keys } }: Needs): void {
  const view = (key: Key) => keyView(key, { now: ground.clock.now(), keys })
  const summary = 'Keys in the order in which they were made, and of those that have ended the newest'
  app.get('/v1/keys', { schema: { querystring: keysPage, tags: ['keys'], summary } }, async (request) => {
    const caller = callers.authenticate(request)
    const { limit, after, party } = request.query
    if (party !== undefined) requireParty(caller, party)
    if (after !== undefined) own(keys, caller, after)
    const holder = caller.kind === 'party' ? caller.party.id : party
    const found = keys.list({ limit: limit + 1, after, holder })
    const shown = found.slice(0, limit)
    const next = found.length > limit ? shown.at(-1)?.id : undefined
    return { data: shown.map(view), has_more: next !== undefined, ...(next ? { next } : {}) }
  })
  app.get('/v1/keys/:id', { schema: { params: byId, tags: ['keys'], summary: 'One key, without its secret' } }, async (request) =>
    view(own(keys, callers.authenticate(request), request.params.id)),
  )
}

function addRotation(app: RouteApp, { callers, ground, parties: { keys } }: Needs): void {
  const summary = 'Make another key of the same terms; the old one ends after an overlap'
  app.post('/v1/keys/:id/rotate', { schema: { params: byId, body: rotateKey, tags: ['keys'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { id } = own(keys, caller, request.params.id)
    return callers.idempotent(request, reply, caller, async (record) => {
      requireNoWider(keys.get(id), caller)
      requireSamePerson(keys.get(id), caller)
      const along = (key: Key) => record(201, { ...keyView(key, { now: ground.clock.now(), keys }), hint: HINT })
      reply.header(KEY_HEADER, await keys.rotate(id, request.body.overlap_s * MS_PER_S, { by: callerId(caller), along }))
    })
  })
}

function addEnd(app: RouteApp, { callers, ground, parties: { keys } }: Needs): void {
  const summary = 'End a key at once; what it has begun goes on'
  app.post('/v1/keys/:id/revoke', { schema: { params: byId, tags: ['keys'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { id } = own(keys, caller, request.params.id)
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (key: Key) => record(200, keyView(key, { now: ground.clock.now(), keys }))
      await keys.revoke(id, { by: callerId(caller), along })
    })
  })
}

/** Whose the new key is. Who makes one for nobody else makes it their own; only a party has people here, those of the gateway stand in its configuration. */
function personOf(
  { person, role, publishable }: z.infer<typeof createKey>,
  { caller, holder }: Readonly<{ caller: Caller; holder: string }>,
): Pick<KeyTerms, 'person' | 'role'> {
  const isParty = holder.startsWith('pa_')
  if (!isParty && (person !== undefined || publishable))
    throw new GatewayError('invalid_request', 'An operator’s key is that operator’s own', {
      hint: 'Name a party for a person of it or a publishable key; the people of the gateway stand in its configuration.',
    })
  if (person !== undefined || publishable || caller.kind !== 'party') return { person, role }
  return { person: caller.person, role: caller.role }
}

function own(keys: Pick<Keys, 'get'>, caller: Caller, id: string): Key {
  return findOwn(
    caller,
    () => keys.get(id),
    ({ holder }, party) => holder === party,
  )
}

/**
 * Whose word a new key needs. Who could make an approver alone could agree with that key to what was asked for with another, so where a party has a limit its
 * approvers are made by two. An operator's further keys need another operator where the configuration says so.
 */
function matterOf({ role, person }: KeyTerms, o: Readonly<{ holder: string; caller: Caller; approvals: Needs['approvals'] }>): Matter {
  const whose = o.holder.startsWith('pa_') ? (o.holder as PartyId) : 'gateway' // A holder is a party or an operator.
  if (whose === 'gateway')
    return { whose, needs: o.approvals.operatorKeys ? ['gateway'] : [], why: 'an operator’s further key needs another operator' }
  const isApprover = person !== undefined && role !== undefined && roleAllows(role, { resource: APPROVALS, verb: 'write' })
  const isNew = o.caller.kind !== 'party' || person !== o.caller.person
  const needed = isApprover && isNew && o.approvals.limits.limitOf(whose) !== undefined
  const why = 'this party has a limit, so one person alone makes nobody who could agree above it'
  return { whose, needs: needed ? [o.caller.kind === 'party' ? 'party' : 'gateway'] : [], why }
}

/** Who renews a key reads its secret, and could agree with it to what was asked for with another. */
function requireSamePerson({ holder, person }: Key, caller: Caller): void {
  if (
    holder.startsWith('pa_') ? person === undefined || (caller.kind === 'party' && caller.person === person) : holder === callerId(caller)
  )
    return
  throw new GatewayError('key_not_allowed', `Only ${person ?? holder} renews this key`, {
    hint: 'Revoke it, and make another for that person.',
  })
}

function keyView(key: Key, { now, keys }: Readonly<{ now: number; keys: Pick<Keys, 'lastUse'> }>) {
  const isParty = key.holder.startsWith('pa_')
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  return {
    id: key.id,
    object: 'key',
    name: key.name,
    status: statusOf(key, now),
    kind: key.publishable ? 'publishable' : 'secret',
    party: isParty ? key.holder : null,
    person: key.person ?? null,
    role: key.role ?? null,
    operator: isParty ? null : key.holder,
    agent: key.agent ?? null,
    can: key.can ?? null,
    addresses: key.addresses ?? null,
    ends_with: key.hint ?? null,
    metadata: key.metadata ?? {},
    created_at: time(key.createdAt),
    ends_at: time(key.endsAt),
    last_used_at: time(keys.lastUse(key)),
  }
}
