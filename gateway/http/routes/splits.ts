import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { formatAmount } from '../../money/money.ts'
import type { PayeeShare, Split } from '../../party/splits.ts'
import type { Hex, PartyId } from '../../ports/ids.ts'
import { accounts } from '../../settlement/accounts.ts'
import { callerId, requireOperator } from '../authenticate.ts'
import type { Gateway } from '../context.ts'
import { splitView } from '../views.ts'
import { byId, createSplit } from '../wire.ts'

/** Share tables, what they hold on chain, and moving it: sweep a receiver into the hub, claim a payee's share out of it. */
export function splitRoutes(g: Gateway): FastifyPluginAsyncZod {
  const owed = (path: string) => {
    const b = g.books.balance(path, g.bookAsset)
    return formatAmount({ asset: g.bookAsset, units: b.creditsPosted - b.debitsPosted })
  }
  const withBalances = (split: Split) => ({
    ...splitView(split),
    undivided: owed(accounts.pot(split.splitId)),
    dust: owed(accounts.dust(split.splitId)),
    entitlements: split.payees.map((p) => ({ party: p.party, account: p.account, amount: owed(accounts.share(split.splitId, p.account)) })),
  })
  const operator = () => {
    if (!g.splitOperator) throw new GatewayError('rail_unavailable', 'No chain is configured')
    return g.splitOperator
  }

  return async (app) => {
    app.post(
      '/v1/splits',
      { schema: { body: createSplit, tags: ['splits'], summary: 'Commit a table of payees and shares' } },
      async (request, reply) => {
        const caller = g.authenticate(request)
        requireOperator(caller)
        return g.idempotent(request, reply, callerId(caller), async (record) => {
          const payees: PayeeShare[] = request.body.payees.map((p) => {
            g.parties.get(p.party)
            // Matched by the patterns of the schema.
            return { party: p.party as PartyId, account: p.account as Hex, shares: BigInt(p.shares) }
          })
          await g.splits.create({ payees, label: request.body.label, along: (split) => record(201, splitView(split)) })
        })
      },
    )
    app.get('/v1/splits', { schema: { tags: ['splits'], summary: 'All splits' } }, async (request) => {
      requireOperator(g.authenticate(request))
      return { data: g.splits.list().map(splitView) }
    })
    app.get(
      '/v1/splits/:id',
      { schema: { params: byId, tags: ['splits'], summary: 'A split with what each payee is owed on chain' } },
      async (request) => {
        g.authenticate(request)
        return withBalances(g.splits.get(request.params.id))
      },
    )
    app.post(
      '/v1/splits/:id/sweep',
      { schema: { params: byId, tags: ['splits'], summary: 'Move what its receiver holds into the hub' } },
      async (request, reply) => {
        requireOperator(g.authenticate(request))
        const split = g.splits.get(request.params.id)
        const outcome = await operator().sweep(g.ids.next('at_'), split.splitId)
        return reply.code(outcome.kind === 'settled' ? 200 : 202).send({ split: split.key, ...outcomeView(outcome) })
      },
    )
    app.post(
      '/v1/splits/:id/claims/:account',
      { schema: { tags: ['splits'], summary: 'Pay a payee its share out of the hub; the gateway pays the gas' } },
      async (request, reply) => {
        requireOperator(g.authenticate(request))
        const { id, account } = request.params as { id: string; account: string }
        const split = g.splits.get(id)
        const index = split.payees.findIndex((p) => p.account.toLowerCase() === account.toLowerCase())
        if (index < 0) throw new GatewayError('not_found', `Split ${split.key} has no payee ${account.slice(0, 60)}`)
        const outcome = await operator().claim(g.ids.next('at_'), split.tree.share(index))
        return reply.code(outcome.kind === 'settled' ? 200 : 202).send({ split: split.key, account, ...outcomeView(outcome) })
      },
    )
  }
}

function outcomeView(outcome: { kind: string; evidence?: { id: string }; reason?: string }) {
  return {
    outcome: outcome.kind,
    ...(outcome.evidence ? { evidence: outcome.evidence.id } : {}),
    ...(outcome.reason ? { reason: outcome.reason } : {}),
  }
}
