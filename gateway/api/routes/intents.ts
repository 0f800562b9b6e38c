import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { parseAmount } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import { payIntentFromBalance } from '../../payins/settlement/payIntent.ts'
import { type Caller, callerId, requireOperator, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { intentView } from '../http/views.ts'
import { byId, createIntent, page, payIntent } from '../http/wire.ts'
import { fundingFrom } from '../paid/funding.ts'
import { payOnChain, requireOpen } from './payOnChain.ts'

/** Payment intents: create, read, pay, cancel. */
export function intentRoutes({
  audit,
  callers,
  ground,
  ledger,
  parties,
  payins,
}: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payins'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/payment_intents',
      {
        schema: {
          body: createIntent,
          tags: ['payment intents'],
          summary: 'Create an intent; answers offers over all rails, cheapest first',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { body } = request
        const amount = parseAmount(body.amount.amount, ground.usd)
        if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          const payee = await payeeFor(body)
          if (caller.kind === 'party' && body.payee) requireParty(caller, body.payee)
          const { metadata, description, rails, expires_in_s: expiresInS } = body
          const along = (made: Parameters<typeof view>[0]) => record(201, view(made))
          await payins.intents.create({ amount, payee, metadata, description, rails, expiresInS, along })
        })
      },
    )
    app.get(
      '/v1/payment_intents',
      { schema: { querystring: page, tags: ['payment intents'], summary: 'Newest first' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const { limit, after } = request.query
        const found = payins.intents.list({ limit: limit + 1, after })
        return { data: found.slice(0, limit).map((i) => intentView(i)), has_more: found.length > limit }
      },
    )
    app.get('/v1/payment_intents/:id', { schema: { params: byId, tags: ['payment intents'], summary: 'One intent' } }, async (request) => {
      callers.authenticate(request)
      return intentView(payins.intents.get(request.params.id))
    })
    app.post(
      '/v1/payment_intents/:id/cancel',
      { schema: { params: byId, tags: ['payment intents'], summary: 'Cancel an open intent' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requirePayee(caller, payins.intents.get(request.params.id))
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          await payins.intents.cancel(request.params.id, (intent) => record(200, intentView(intent)))
        })
      },
    )
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
          return reply.code(202).send(await payOnChain({ ground, payins }, intent, { choice: body.rail, signed: body.authorization }))
        if (caller.kind !== 'party') throw new GatewayError('forbidden', 'Only a party can pay from its balance')
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          requireOpen(ground, intent)
          const got = fundingFrom({ books: ledger.books, rates: ground.rates }, caller.party.id, intent.credit)
          const recorded = (receipt: string) =>
            record(200, { id: intent.id, object: 'payment_intent', status: 'settled', rail: 'book', receipt })
          await payIntentFromBalance(
            { books: ledger.books, splits: parties.splits, receipts: audit.receipts, clock: ground.clock, ids: ground.ids },
            intent,
            { party: caller.party.id, got },
            { claims: recorded('').claims, facts: (receipt) => recorded(receipt).facts },
          )
        })
      },
    )
  }

  function view(made: { intent: Intent; refusals: Parameters<typeof intentView>[1] }) {
    return intentView(made.intent, made.refusals)
  }

  /** Who only knows an intent's id may pay it, not end it. */
  function requirePayee(caller: Caller, { payee }: Intent): void {
    if (payee.kind === 'party') requireParty(caller, payee.id)
    else if (caller.kind === 'party' && !parties.splits.get(payee.id).payees.some((p) => p.party === caller.party.id))
      throw new GatewayError('forbidden', 'Only the operator or a payee may do this')
  }

  async function payeeFor(body: { split?: string | undefined; payee?: string | undefined }): Promise<Payee> {
    if (body.split) return { kind: 'split', split: parties.splits.get(body.split) }
    const party = parties.parties.get(body.payee!)
    return { kind: 'party', party: party.id, split: await parties.splits.house(party.id) }
  }
}
