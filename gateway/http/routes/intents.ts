import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Intent } from '../../intent/intent.ts'
import { parseAmount } from '../../money/money.ts'
import type { Payee } from '../../party/splits.ts'
import type { Hex } from '../../ports/ids.ts'
import { type EvmRailName, isChosen } from '../../ports/railName.ts'
import { notCollected } from '../../settlement/notCollected.ts'
import { payIntentFromBalance } from '../../settlement/payIntent.ts'
import { type Caller, callerId, requireOperator, requireParty } from '../authenticate.ts'
import type { Gateway } from '../context.ts'
import { fundingFrom } from '../funding.ts'
import { intentView } from '../views.ts'
import { byId, createIntent, page, payIntent } from '../wire.ts'

const COLLECT_DEADLINE_MS = 30_000

/** Payment intents: create, read, pay, cancel. */
export function intentRoutes(g: Gateway): FastifyPluginAsyncZod {
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
        const caller = g.authenticate(request)
        const { body } = request
        const amount = parseAmount(body.amount.amount, g.usd)
        if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
        return g.idempotent(request, reply, callerId(caller), async (record) => {
          const payee = await payeeFor(body)
          if (caller.kind === 'party' && body.payee) requireParty(caller, body.payee)
          const { metadata, description, rails, expires_in_s: expiresInS } = body
          const along = (made: Parameters<typeof view>[0]) => record(201, view(made))
          await g.intents.create({ amount, payee, metadata, description, rails, expiresInS, along })
        })
      },
    )
    app.get(
      '/v1/payment_intents',
      { schema: { querystring: page, tags: ['payment intents'], summary: 'Newest first' } },
      async (request) => {
        requireOperator(g.authenticate(request))
        const { limit, after } = request.query
        const found = g.intents.list({ limit: limit + 1, after })
        return { data: found.slice(0, limit).map((i) => intentView(i)), has_more: found.length > limit }
      },
    )
    app.get('/v1/payment_intents/:id', { schema: { params: byId, tags: ['payment intents'], summary: 'One intent' } }, async (request) => {
      g.authenticate(request)
      return intentView(g.intents.get(request.params.id))
    })
    app.post(
      '/v1/payment_intents/:id/cancel',
      { schema: { params: byId, tags: ['payment intents'], summary: 'Cancel an open intent' } },
      async (request, reply) => {
        const caller = g.authenticate(request)
        requirePayee(caller, g.intents.get(request.params.id))
        return g.idempotent(request, reply, callerId(caller), async (record) => {
          await g.intents.cancel(request.params.id, (intent) => record(200, intentView(intent)))
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
        const caller = g.authenticate(request)
        const { body } = request
        const intent = g.intents.get(request.params.id)
        if (body.rail !== 'book') return reply.code(202).send(await payOnChain(intent, body.rail, body.authorization))
        if (caller.kind !== 'party') throw new GatewayError('forbidden', 'Only a party can pay from its balance')
        return g.idempotent(request, reply, callerId(caller), async (record) => {
          requireOpen(intent)
          const got = fundingFrom(g, caller.party.id, intent.credit)
          const recorded = (receipt: string) =>
            record(200, { id: intent.id, object: 'payment_intent', status: 'settled', rail: 'book', receipt })
          await payIntentFromBalance(
            g,
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

  /** An intent ends at its time, also while its expiry is not written yet. */
  function requireOpen(intent: Intent): void {
    const status = intent.status === 'open' && g.clock.now() > intent.expiresAt ? 'expired' : intent.status
    if (status !== 'open') throw new GatewayError('intent_closed', `The intent is ${status} already; nothing was taken`)
  }

  /** Who only knows an intent's id may pay it, not end it. */
  function requirePayee(caller: Caller, { payee }: Intent): void {
    if (payee.kind === 'party') requireParty(caller, payee.id)
    else if (caller.kind === 'party' && !g.splits.get(payee.id).payees.some((p) => p.party === caller.party.id))
      throw new GatewayError('forbidden', 'Only the operator or a payee may do this')
  }

  async function payeeFor(body: { split?: string | undefined; payee?: string | undefined }): Promise<Payee> {
    if (body.split) return { kind: 'split', split: g.splits.get(body.split) }
    const party = g.parties.get(body.payee!)
    return { kind: 'party', party: party.id, split: await g.splits.house(party.id) }
  }

  /** Relays ReceiveWithAuthorization to the hub. The chain's own report settles the intent; a closed intent takes no money. */
  async function payOnChain(
    intent: Intent,
    choice: 'evm' | EvmRailName,
    a: { from: string; value: string; valid_after: string; valid_before: string; signature: string },
  ) {
    const [offer, second] = intent.offers.filter((o) => isChosen(o.rail, choice))
    if (offer?.wire.kind !== 'evm') throw new GatewayError('no_rail', `The intent has no offer on ${choice}`)
    if (second)
      throw new GatewayError('invalid_request', `The intent has offers on ${offer.rail} and ${second.rail}`, {
        hint: 'Name in `rail` the chain that the authorization was signed for.',
      })
    requireOpen(intent)
    if (BigInt(a.value) !== offer.amount.units)
      throw new GatewayError('proof_wrong_amount', `The authorization is over ${a.value} units, the offer over ${offer.amount.units}`)
    const { chainId, token, hub, splitId, ref } = offer.wire
    const collector = g.chains.find((c) => c.rail === offer.rail)
    if (!collector) throw new GatewayError('rail_unavailable', `${offer.rail} is not configured any more`)
    const times = { value: BigInt(a.value), validAfter: BigInt(a.valid_after), validBefore: BigInt(a.valid_before) }
    const nonce = g.authorizationNonce(splitId, ref)
    const authorization = {
      kind: 'receive' as const,
      chainId,
      token,
      from: a.from as Hex,
      to: hub,
      ...times,
      nonce,
      signature: a.signature as Hex,
      splitId,
      ref,
    }
    const outcome = await collector.collect(`${intent.id}:${a.from.toLowerCase()}`, authorization, {
      signal: AbortSignal.timeout(COLLECT_DEADLINE_MS),
    })
    if (outcome.kind === 'failed') throw notCollected(outcome.reason)
    return {
      id: intent.id,
      object: 'payment_intent',
      outcome: outcome.kind,
      ...(outcome.kind === 'settled' ? { transaction: outcome.evidence.id } : {}),
    }
  }
}
