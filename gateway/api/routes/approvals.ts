import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Approval } from '../../approvals/approval.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Key } from '../../parties/keys/key.ts'
import type { ActionView } from '../../suspense/view.ts'
import { approvalView } from '../http/approvalView.ts'
import { approversOf, KEYS_MAX } from '../http/approvers.ts'
import { handOf, withApproval } from '../http/approving.ts'
import { type Caller, findOwn, requireAlso, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { actionView } from '../http/suspenseView.ts'
import { byId } from '../http/wire.ts'
import { limitText } from './approvalWire.ts'

type Needs = Pick<Faces, 'approvals' | 'callers' | 'ground' | 'parties' | 'suspense'>

const limitsRequest = z.strictObject({ payouts_usd_max: limitText.nullable() })

/** What waits for another person: seen, approved, refused; and a party's own limit. */
export function approvalRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addReading(app, faces)
    addWords(app, faces)
    addLimit(app, faces)
  }
}

function own({ approvals }: Pick<Needs, 'approvals'>, caller: Caller, id: string): Approval {
  return findOwn(
    caller,
    () => approvals.get(id),
    ({ party, asked }, of) => party === of || asked.by === of,
  )
}

function addReading(app: RouteApp, faces: Needs): void {
  const { approvals, callers, suspense } = faces
  const summary = 'What waits for another person, the oldest first; an operator sees what waits in suspense too'
  app.get('/v1/approvals', { schema: { tags: ['people'], summary } }, async (request) => {
    const caller = callers.authenticate(request)
    const isSeen = ({ party, asked }: Approval) => caller.kind === 'operator' || party === caller.party.id || asked.by === caller.party.id
    const waiting = caller.kind === 'operator' ? suspense.waiting().map(actionView) : []
    const data = approvals.open().filter(isSeen)
    return { data: [...data.map((approval) => approvalView(approval, caller)), ...waiting] }
  })
  app.get('/v1/approvals/:id', { schema: { params: byId, tags: ['people'], summary: 'What waits, or how it ended' } }, async (request) => {
    const caller = callers.authenticate(request)
    return approvalView(own(faces, caller, request.params.id), caller)
  })
}

function addWords(app: RouteApp, faces: Needs): void {
  const { approvals, callers, suspense } = faces
  for (const word of ['approve', 'refuse'] as const) {
    const summary =
      word === 'approve' ? 'Agree, as another person than the one who asked' : 'Say no, or take back what one has asked for oneself'
    app.post(`/v1/approvals/:id/${word}`, { schema: { params: byId, tags: ['people'], summary } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = request.params
      return callers.idempotent(request, reply, caller, async (record) => {
        if (id.startsWith('sa_')) {
          requireOperator(caller)
          const hand = { by: caller.name, along: (made: ActionView) => record(200, actionView(made)) }
          return word === 'approve' ? suspense.approve(id, hand) : suspense.cancel(id, hand)
        }
        own(faces, caller, id)
        const as = caller.kind === 'operator' ? 'gateway' : 'party'
        await approvals[word](id, { hand: handOf(caller), as, along: (now) => record(200, approvalView(now, caller)) })
      })
    })
  }
}

/** A party's own limit. Who may make keys sets or lowers it alone; to raise it or to take it away needs the word that it is about. */
function addLimit(app: RouteApp, { approvals, callers, ground, parties }: Needs): void {
  const summary = 'Say above what the payouts of a day need a person of the party beside the one who asks; null for never'
  app.post(
    '/v1/parties/:id/approvals',
    { schema: { params: byId, body: limitsRequest, tags: ['people'], summary } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = findOwn(
        caller,
        () => parties.parties.get(request.params.id),
        (found, party) => found.id === party,
      )
      if (caller.kind !== 'party') throw new GatewayError('forbidden', 'A party’s limit is its own')
      // An operator in the role pays out; whom the limit is to guard against does not say where it lies.
      requireAlso(caller, { resource: 'keys', verb: 'write' })
      const text = request.body.payouts_usd_max
      requireApprover(parties.keys.list({ limit: KEYS_MAX, holder: id }), caller, ground.clock.now())
      const [before, after] = [approvals.limits.limitOf(id), text === null ? undefined : approvals.limits.read(text)]
      const isLower = !before || (after && after.units <= before.units)
      const matter = { whose: id, needs: isLower ? [] : (['party'] as const), why: 'a limit that stands is not raised by one person alone' }
      return callers.idempotent(request, reply, caller, (plain) =>
        withApproval(approvals, { request, caller, record: plain }, matter, async (record) => {
          const view = { object: 'approval_limits', party: id, payouts_usd_max: text }
          await approvals.limits.set(id, { hand: handOf(caller), payoutsUsdMax: text, along: record(200, view) })
        }),
      )
    },
  )
}

/** A limit that nobody could agree above would lock the money up. */
function requireApprover(keys: readonly Key[], caller: Caller, now: number): void {
  if (approversOf(keys, now).some(({ person }) => person !== caller.person)) return
  throw new GatewayError('invalid_request', 'Nobody of this party could agree to what is above the limit', {
    hint: 'Invite an approver first: POST /v1/keys with person and role.',
  })
}
