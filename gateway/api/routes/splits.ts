import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { formatAmount } from '../../money/money.ts'
import type { PayeeShare, Split } from '../../parties/party/splits.ts'
import type { ChainRail } from '../../payins/openPayins.ts'
import type { Hex, PartyId } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { callerId, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { splitView } from '../http/views.ts'
import { byId, createSplit, onChain } from '../http/wire.ts'

/** Share tables, what they hold on each chain, and moving it: sweep a receiver into the hub, claim a payee's share out of it. */
export function splitRoutes({
  callers,
  ground,
  ledger,
  parties,
  payins,
}: Pick<Faces, 'callers' | 'ground' | 'ledger' | 'parties' | 'payins'>): FastifyPluginAsyncZod {
  const heldOn = (split: Split, { rail, asset }: ChainRail) => {
    const owed = (path: string) => {
      const b = ledger.books.balance(path, asset)
      return formatAmount({ asset, units: b.creditsPosted - b.debitsPosted })
    }
    const entitlements = split.payees.map((p) => ({
      party: p.party,
      account: p.account,
      amount: owed(accounts.share(split.splitId, p.account)),
    }))
    return { rail, asset: asset.id, undivided: owed(accounts.pot(split.splitId)), dust: owed(accounts.dust(split.splitId)), entitlements }
  }

  /** Does it on the chain that was named, or on all; the whole is settled when each is. */
  async function onChains(choice: EvmRailName | undefined, work: (chain: ChainRail) => Promise<Outcome>) {
    const chains = payins.chains.filter((c) => choice === undefined || c.rail === choice)
    if (chains.length === 0) throw new GatewayError('rail_unavailable', `${choice ?? 'evm'} is not configured`)
    const done = await Promise.all(chains.map(async (chain) => outcomeView(chain.rail, await work(chain))))
    const outcome = (['unknown', 'failed'] as const).find((kind) => done.some((d) => d.outcome === kind)) ?? 'settled'
    return { status: outcome === 'settled' ? 200 : 202, body: { outcome, chains: done } }
  }

  return async (app) => {
    app.post(
      '/v1/splits',
      { schema: { body: createSplit, tags: ['splits'], summary: 'Commit a table of payees and shares' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          const payees: PayeeShare[] = request.body.payees.map((p) => {
            parties.parties.get(p.party)
            // Matched by the patterns of the schema.
            return { party: p.party as PartyId, account: p.account as Hex, shares: BigInt(p.shares) }
          })
          await parties.splits.create({ payees, label: request.body.label, along: (split) => record(201, splitView(split)) })
        })
      },
    )
    app.get('/v1/splits', { schema: { tags: ['splits'], summary: 'All splits' } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return { data: parties.splits.list().map(splitView) }
    })
    app.get(
      '/v1/splits/:id',
      { schema: { params: byId, tags: ['splits'], summary: 'A split with what each payee is owed on each chain' } },
      async (request) => {
        callers.authenticate(request)
        const split = parties.splits.get(request.params.id)
        return { ...splitView(split), chains: payins.chains.map((chain) => heldOn(split, chain)) }
      },
    )
    app.post(
      '/v1/splits/:id/sweep',
      { schema: { params: byId, querystring: onChain, tags: ['splits'], summary: 'Move what its receivers hold into the hub' } },
      async (request, reply) => {
        requireOperator(callers.authenticate(request))
        const split = parties.splits.get(request.params.id)
        const { status, body } = await onChains(request.query.rail, (chain) => chain.sweep(ground.ids.attempt(), split.splitId))
        return reply.code(status).send({ split: split.key, ...body })
      },
    )
    app.post(
      '/v1/splits/:id/claims/:account',
      { schema: { querystring: onChain, tags: ['splits'], summary: 'Pay a payee its share out of the hub; the gateway pays the gas' } },
      async (request, reply) => {
        requireOperator(callers.authenticate(request))
        const { id, account } = request.params as { id: string; account: string }
        const split = parties.splits.get(id)
        const index = split.payees.findIndex((p) => p.account.toLowerCase() === account.toLowerCase())
        if (index < 0) throw new GatewayError('not_found', `Split ${split.key} has no payee ${account.slice(0, 60)}`)
        const share = split.tree.share(index)
        const { status, body } = await onChains(request.query.rail, (chain) => chain.claim(ground.ids.attempt(), share))
        return reply.code(status).send({ split: split.key, account, ...body })
      },
    )
  }
}

function outcomeView(rail: EvmRailName, outcome: Outcome) {
  return {
    rail,
    outcome: outcome.kind,
    ...(outcome.kind === 'settled' ? { evidence: outcome.evidence.id } : {}),
    ...(outcome.kind === 'failed' ? { reason: outcome.reason } : {}),
  }
}
