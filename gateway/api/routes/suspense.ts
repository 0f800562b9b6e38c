import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { type Money, parseAmount } from '../../money/money.ts'
import type { AttemptId, IntentId, PartyId, PayoutId } from '../../ports/ids.ts'
import type { Deed, Grounds, OfItem } from '../../suspense/action.ts'
import type { ActionView } from '../../suspense/view.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { actionView } from '../http/suspenseView.ts'
import { exchangeView, moneyView } from '../http/views.ts'
import { byId, toDestination } from '../http/wire.ts'
import { ownAddress } from '../walletRoutes/ownAddress.ts'
import { adjustRequest, assignRequest, attemptPath, endAttemptRequest, refundRequest, writeOffRequest } from './suspenseWire.ts'

type Needs = Pick<Faces, 'callers' | 'ground' | 'operations' | 'payins' | 'suspense' | 'wallets'> &
  Readonly<{ exchanges: Pick<Faces['exchanges'], 'exceptions'> }>

type GivenGrounds = Readonly<{ reason: string; evidence: Readonly<{ text?: string | undefined; sha256?: string | undefined }> }>
type Request = Parameters<Needs['callers']['idempotent']>[0]
type Reply = Parameters<Needs['callers']['idempotent']>[1]

/** What arrived and has no owner, and what an operator does about it. */
export function suspenseRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addList(app, faces)
    addDeeds(app, faces)
    addAttemptEnd(app, faces)
    addEnds(app, faces)
  }
}

function addList(app: RouteApp, { callers, exchanges, operations, payins, suspense }: Needs): void {
  const about = { schema: { tags: ['operations'], summary: 'Money that arrived and has no owner yet, and whose it may be' } }
  app.get('/v1/suspense', about, async (request) => {
    requireOperator(callers.authenticate(request))
    const data = suspense.list().map(({ item, suggestions }) => ({
      id: item.id,
      rail: item.rail,
      amount: moneyView(item.amount),
      reference: item.reference,
      payer: item.payer,
      remittance: item.remittance,
      note: item.note,
      at: new Date(item.at).toISOString(),
      suggestions,
    }))
    const lost = payins.collections
      .failures()
      .map((f) => ({ receipt: f.receipt, payer: f.payer, reason: f.reason, units: f.units.toString() }))
    return {
      data,
      waiting: suspense.waiting().map(actionView),
      exceptions: [...payins.settlements.exceptions(), ...payins.requestRecords.exceptions()],
      not_collected: lost,
      exchanges: exchanges.exceptions().map(exchangeView),
      problems: operations.problems(),
    }
  })
}

/** Asks for what is planned when it was not asked for before. */
function asker({ callers, suspense }: Needs) {
  return (request: Request, reply: Reply, given: GivenGrounds, plan: () => { deed: Deed; amount: Money }) => {
    const caller = callers.authenticate(request)
    requireOperator(caller)
    return callers.idempotent(request, reply, caller, async (record) => {
      const { deed, amount } = plan()
      const along = (made: ActionView) => record(made.status === 'waiting' ? 202 : 201, actionView(made))
      await suspense.ask(deed, amount, groundsOf(given), { by: caller.name, along })
    })
  }
}

function addDeeds(app: RouteApp, faces: Needs): void {
  const { callers, ground, suspense, wallets } = faces
  const ask = asker(faces)

  /** All that is left of the item when no amount is named. */
  function ofItem(id: string, amount: string | undefined): { amount: Money; of: OfItem } {
    const found = suspense.item(id)
    const named = amount === undefined ? found.amount : parseAmount(amount, found.amount.asset)
    return { amount: named, of: { item: found.id, rail: found.rail, payer: found.payer } }
  }

  app.post(
    '/v1/suspense/assign',
    { schema: { body: assignRequest, tags: ['operations'], summary: 'Give it to a party, or let it pay an intent' } },
    async (request, reply) =>
      ask(request, reply, request.body, () => {
        const { item, to, amount } = request.body
        const found = ofItem(item, amount)
        // The pattern matched an id of one of both kinds.
        return { amount: found.amount, deed: { what: 'assign', to: to as PartyId | IntentId, ...found.of } }
      }),
  )
  app.post(
    '/v1/suspense/refund',
    { schema: { body: refundRequest, tags: ['operations'], summary: 'Send it back on the rail that costs least' } },
    async (request, reply) =>
      ask(request, reply, request.body, () => {
        const { item, reference, amount } = request.body
        const destinations = request.body.destinations.map((d) => ownAddress({ callers, wallets }, request, toDestination(d)))
        const found = ofItem(item, amount)
        return { amount: found.amount, deed: { what: 'refund', payout: ground.ids.payout(), destinations, reference, ...found.of } }
      }),
  )
  app.post(
    '/v1/suspense/write-off',
    { schema: { body: writeOffRequest, tags: ['operations'], summary: 'Keep it as the operator’s own, under a name of its own' } },
    async (request, reply) =>
      ask(request, reply, request.body, () => {
        const found = ofItem(request.body.item, request.body.amount)
        return { amount: found.amount, deed: { what: 'write_off', ...found.of } }
      }),
  )
  app.post(
    '/v1/suspense/adjust',
    { schema: { body: adjustRequest, tags: ['operations'], summary: 'Make the books follow what a rail says' } },
    async (request, reply) =>
      ask(request, reply, request.body, () => {
        const { debit, credit, asset: wanted, amount } = request.body
        const asset = assetNamed(ground.assets, wanted)
        return { amount: parseAmount(amount, asset), deed: { what: 'adjust', debit, credit } }
      }),
  )
}

/** A payment that its rail will not end: what operators say became of it. */
function addAttemptEnd(app: RouteApp, faces: Needs): void {
  const ask = asker(faces)
  const summary = 'End an attempt that its rail will not end, as what was found out elsewhere'
  app.post(
    '/v1/payouts/:id/attempts/:attempt/outcome',
    { schema: { params: attemptPath, body: endAttemptRequest, tags: ['operations'], summary } },
    async (request, reply) => {
      const { outcome, reason, evidence } = request.body
      // The patterns matched the ids of both.
      const [payout, attempt] = [request.params.id as PayoutId, request.params.attempt as AttemptId]
      return ask(request, reply, { reason, evidence: { text: evidence } }, () => ({
        amount: faces.suspense.attemptAmount(payout, attempt),
        deed: { what: 'end_attempt', payout, attempt, outcome },
      }))
    },
  )
}

function addEnds(app: RouteApp, { callers, suspense }: Needs): void {
  const shown = { schema: { params: byId, tags: ['operations'], summary: 'What was done by hand, by whom and why' } }
  app.get('/v1/suspense/actions/:id', shown, async (request) => {
    requireOperator(callers.authenticate(request))
    return actionView(suspense.get(request.params.id))
  })
  for (const end of ['approve', 'cancel'] as const) {
    const summary = end === 'approve' ? 'Agree, as another operator than the one who asked' : 'Take back what waits for a second operator'
    app.post(`/v1/suspense/actions/:id/${end}`, { schema: { params: byId, tags: ['operations'], summary } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      requireOperator(caller)
      return callers.idempotent(request, reply, caller, async (record) => {
        await suspense[end](request.params.id, { by: caller.name, along: (made) => record(200, actionView(made)) })
      })
    })
  }
}

export function groundsOf({ reason, evidence: { text, sha256 } }: GivenGrounds): Grounds {
  return { reason, evidence: { ...(text === undefined ? {} : { text }), ...(sha256 === undefined ? {} : { sha256 }) } }
}
