import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { parseAmount } from '../../money/money.ts'
import { requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { snakeKeys } from '../http/views.ts'
import { simulateRouting, toDestination } from '../http/wire.ts'
import { ownAddress } from '../walletRoutes/ownAddress.ts'

type Needs = Pick<Faces, 'callers' | 'ground' | 'parties' | 'payouts' | 'wallets'>

/** How rails are chosen: what would be, before anything is paid. */
export function routingRoutes({ callers, ground, parties, payouts, wallets }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const summary = 'What a payout would be decided as now; nothing is sent'
    app.post('/v1/routing/simulate', { schema: { body: simulateRouting, tags: ['payouts'], summary } }, async (request) => {
      const caller = callers.authenticate(request)
      const { party, amount: said, destinations: wished, schedules: lists } = request.body
      requireParty(caller, party)
      const asset = ground.assets.find((a) => a.id === said.asset || a.code === said.asset)
      if (!asset) throw new GatewayError('unknown_asset', `There is no asset ${said.asset.slice(0, 60)} here`)
      const amount = parseAmount(said.amount, asset)
      if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
      const source = accounts.party(parties.parties.get(party).id)
      for (const d of wished) if (d.kind === 'party') parties.parties.get(d.party)
      const destinations = wished.map((d) => ownAddress({ callers, wallets }, request, toDestination(d)))
      if (destinations.length > 0) {
        payouts.payouts.check({ source, amount, destinations, reference: '', createdBy: '' })
      }
      return { object: 'simulation', ...(snakeKeys(await payouts.payouts.simulate({ source, amount, destinations, lists })) as object) }
    })
  }
}
