import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { PartiesFace } from '../../parties/openParties.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Intent, IntentAbout } from '../../payins/intent/intent.ts'
import type { OfferRefusal } from '../../payins/offer/refusalOf.ts'
import { fundingFrom } from '../../payins/settlement/funding.ts'
import { payeeOf } from '../../payins/settlement/intentReceipt.ts'
import { requireAnother } from '../../payins/settlement/legs.ts'
import { payIntentFromBalance } from '../../payins/settlement/payIntent.ts'
import { withApproval } from '../http/approving.ts'
import { type Caller, callerId, findOwn, requireAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RecordAlong } from '../http/idempotency.ts'
import { SPENDING } from '../http/needs.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { intentView, isPayee, payableView } from '../http/views.ts'
import { byId, createIntent, payIntent } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'
import { paymentAnswer } from './paymentViews.ts'
import { payOnChain, requireOpen } from './payOnChain.ts'
import { requireMaker } from './soldFor.ts'

const PREFLIGHT_S = '7200'
const STATES = ['open', 'settled', 'canceled', 'expired'] as const satisfies readonly Intent['status'][]
const intentsQuery = listQuery({
  status: asked.status(STATES),
  rail: asked.rail,
  ...amounts,
  ...byMetadata,
  expand: asked.expand(['payments']),
})

/** Payment intents: create, read, pay, cancel. */
export function intentRoutes(
  faces: Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'guard' | 'ledger' | 'parties' | 'payins'>,
): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addPreflight(app)
    addCancel(app, faces)
    addPayment(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, ground, parties, payins }: Pick<Faces, 'callers' | 'ground' | 'parties' | 'payins'>): void {
  app.post(
    '/v1/payment_intents',
    {
      schema: {
        body: createIntent,
        tags: ['payment intents'],
        summary: 'Create an intent; answers offers over all rails, the one that costs all sides least first',
      },
    },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = request
      const amount = parseAmount(body.amount.amount, ground.usd)
      if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
      return callers.idempotent(request, reply, caller, async (record) => {
        if (body.payee) requireParty(caller, body.payee) // First: looking for the payee may write its table of shares.
        const payee = await payeeFor(parties, body)
        const { metadata, description, rails, expires_in_s: expiresInS } = body
        const about = aboutOf(parties, payee, body)
        const along = (made: { intent: Intent; refusals: readonly OfferRefusal[] }) => record(201, intentView(made.intent, made.refusals))
        await payins.intents.create({ amount, payee, createdBy: callerId(caller), about, metadata, description, rails, expiresInS, along })
      })
    },
  )
}

function addReading(app: RouteApp, faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payins'>): void {
  const { callers, parties, payins } = faces
  const listed = { querystring: intentsQuery, tags: ['payment intents'], summary: 'Newest first; a party sees those that pay it' }
  app.get('/v1/payment_intents', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { query } = request
    if (query.expand === 'payments') requireAlso(caller, { resource: 'payments', verb: 'read' })
    const show = async (id: string) => {
      const intent = intentView(payins.intents.get(id))
      return query.expand === 'payments' ? { ...intent, payments: await paymentsOf(payins, intent) } : intent
    }
    return answerList(faces, { caller, list: 'payment_intents', query, reply, show })
  })
  app.get(
    '/v1/payment_intents/:id',
    { schema: { params: byId, tags: ['payment intents'], summary: 'One intent; to who is not its payee, what it takes to pay it' } },
    async (request, reply) => {
      // A page of any origin may ask with a publishable key, and read the refusal too.
      if (request.headers.origin !== undefined) reply.header('access-control-allow-origin', '*')
      const caller = callers.authenticate(request)
      const intent = await payins.intents.look(request.params.id)
      return isSeller(parties, caller, intent) ? intentView(intent) : payableView(intent)
    },
  )
}

/** Asked by a browser before it sends a key from a page of another origin (CORS, the Fetch standard). */
function addPreflight(app: RouteApp): void {
  app.options('/v1/payment_intents/:id', { schema: { hide: true } }, async (_, reply) => {
    reply.header('access-control-allow-origin', '*')
    reply.header('access-control-allow-methods', 'GET')
    reply.header('access-control-allow-headers', 'Authorization')
    reply.header('access-control-max-age', PREFLIGHT_S)
    return reply.code(204).send()
  })
}

/** What has paid it, as GET /v1/payments/:id says it. */
async function paymentsOf(payins: Faces['payins'], { paid }: Readonly<{ paid: Readonly<{ receipt: string }> | null }>) {
  const payment = paid && (await payins.findPayment(paid.receipt))
  return payment ? [paymentAnswer(payins, payment, { own: true, byMandate: undefined })] : []
}

function addCancel(app: RouteApp, { callers, parties, payins }: Pick<Faces, 'callers' | 'parties' | 'payins'>): void {
  app.post(
    '/v1/payment_intents/:id/cancel',
    { schema: { params: byId, tags: ['payment intents'], summary: 'Cancel an open intent' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      // Who only knows its id may pay it, not end it.
      const own = (intent: Intent) => isSeller(parties, caller, intent)
      requireMaker(
        parties,
        caller,
        findOwn(caller, () => payins.intents.get(request.params.id), own),
      )
      return callers.idempotent(request, reply, caller, async (record) => {
        await payins.intents.cancel(request.params.id, (intent) => record(200, intentView(intent)))
      })
    },
  )
}

type PaymentFaces = Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'guard' | 'ledger' | 'parties' | 'payins'>

function addPayment(app: RouteApp, faces: PaymentFaces): void {
  const { approvals, callers, payins } = faces
  app.post(
    '/v1/payment_intents/:id/pay',
    {
      schema: {
        params: byId,
        body: payIntent,
        tags: ['payment intents'],
        summary: 'Pay from a balance, or hand over a signed authorization',
      },
    },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = request
      const intent = payins.intents.get(request.params.id)
      if (body.rail !== 'book')
        return reply.code(202).send(await payOnChain(faces, intent, { choice: body.rail, signed: body.authorization, ip: request.ip }))
      if (caller.kind !== 'party') throw new GatewayError('forbidden', 'Only a party can pay from its balance')
      // A shop's key makes intents; whoever takes it from there pays none of his own out of the shop's balance.
      requireAlso(caller, SPENDING)
      const whose = caller.party.id
      const shown = { rail: 'book', payment_intent: intent.id, payee: intent.payee.id, seller: intent.about.seller ?? null }
      return callers.idempotent(request, reply, caller, async (plain) => {
        const got = payableBy(faces, intent, whose)
        await withApproval(approvals, { request, caller, record: plain }, { whose, amount: intent.credit, shown }, (record) =>
          payFromBalance(faces, intent, { party: whose, got, record }),
        )
      })
    },
  )
}

/** What of a balance would pay it now: nobody is asked about what cannot be paid. */
function payableBy({ ground, ledger, parties }: Pick<Faces, 'ground' | 'ledger' | 'parties'>, intent: Intent, party: string): Money {
  requireOpen(ground, intent)
  const payee = payeeOf(intent, parties.splits)
  if (payee) requireAnother(payee, party)
  return fundingFrom({ books: ledger.books, rates: ground.rates }, party, intent.credit)
}

/** The payer's balance stands for the money; the answer becomes durable with the payment. */
async function payFromBalance(
  { audit, ground, ledger, parties }: Pick<Faces, 'audit' | 'ground' | 'ledger' | 'parties'>,
  intent: Intent,
  { party, got, record }: Readonly<{ party: string; got: Money; record: RecordAlong }>,
): Promise<void> {
  const recorded = (receipt: string) => record(200, { id: intent.id, object: 'payment_intent', status: 'settled', rail: 'book', receipt })
  await payIntentFromBalance(
    { books: ledger.books, splits: parties.splits, receipts: audit.receipts, clock: ground.clock, ids: ground.ids },
    intent,
    { party, got },
    { claims: recorded('').claims, facts: (receipt) => recorded(receipt).facts },
  )
}

/** The operator, or one whom the money is for; with a publishable key nobody but a payer. */
export function isSeller({ splits }: Pick<PartiesFace, 'splits'>, caller: Caller, { payee }: Pick<Intent, 'payee'>): boolean {
  if (caller.kind === 'operator') return true
  if (caller.terms.publishable) return false
  return payee.kind === 'party' ? payee.id === caller.party.id : isPayee(splits.get(payee.id), caller.party.id)
}

/** What the payer is told; a payee's own name where no other is said. */
function aboutOf(
  { parties }: Pick<PartiesFace, 'parties'>,
  payee: Payee,
  { seller, description, order_id: orderId, return_url: returnUrl, embed_origins: embedOrigins }: z.infer<typeof createIntent>,
): IntentAbout {
  const name = seller ?? (payee.kind === 'party' ? parties.get(payee.party).name : undefined)
  return {
    ...(name ? { seller: name } : {}),
    ...(description ? { description } : {}),
    ...(orderId ? { orderId } : {}),
    ...(returnUrl ? { returnUrl } : {}),
    ...(embedOrigins && embedOrigins.length > 0 ? { embedOrigins } : {}),
  }
}

async function payeeFor(
  { parties, splits }: PartiesFace,
  { split, payee }: Pick<z.infer<typeof createIntent>, 'split' | 'payee'>,
): Promise<Payee> {
  if (split) return { kind: 'split', split: splits.get(split) }
  const party = parties.get(payee!)
  return { kind: 'party', party: party.id, split: await splits.house(party.id) }
}
