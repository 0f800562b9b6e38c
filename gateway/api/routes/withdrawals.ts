import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { floorDiv } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import type { WithdrawalView } from '../../payouts/withdrawal/view.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { byId, metadata } from '../http/wire.ts'

const MSAT_PER_SAT = 1_000n
/** More than there is bitcoin; and a rate that no block has ever asked for. */
const SATS = z.string().regex(/^[1-9][0-9]{0,15}$/, 'is not a number of satoshi')
const FEE_RATE_MAX = 1_000n

const withdrawalRequest = z.strictObject({
  address: z.string().min(14).max(100),
  amount_sat: z.union([z.literal('all'), SATS]),
  /** Satoshi for each virtual byte. */
  fee_rate: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, 'is not a fee rate of 1 to 1000 sat/vB')
    .refine((rate) => BigInt(rate) <= FEE_RATE_MAX, { message: 'is not a fee rate of 1 to 1000 sat/vB' })
    .default('1'),
  max_fee_sat: SATS.optional(),
  metadata: metadata.default({}),
})

/** Money out of the Lightning node's own wallet on chain, for the operator alone. */
export function withdrawalRoutes({
  callers,
  operations,
  payouts,
}: Pick<Faces, 'callers' | 'operations' | 'payouts'>): FastifyPluginAsyncZod {
  function asset(): Asset {
    if (operations.lightning) return operations.lightning.asset
    throw new GatewayError('not_found', 'This gateway has no Lightning rail', { hint: 'Configure `lightning`: see docs/lightning.md.' })
  }

  return async (app) => {
    app.post(
      '/v1/lightning/withdrawals',
      { schema: { body: withdrawalRequest, tags: ['operations'], summary: "Send money of the node's own wallet to an address" } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        const { address, amount_sat, fee_rate, max_fee_sat, metadata } = request.body
        const sats = (text: string) => money(asset(), BigInt(text) * MSAT_PER_SAT)
        const wish = {
          address,
          amount: amount_sat === 'all' ? ('all' as const) : sats(amount_sat),
          feeRateSatPerVb: BigInt(fee_rate),
          feeMax: max_fee_sat === undefined ? undefined : sats(max_fee_sat),
          metadata,
        }
        return callers.idempotent(request, reply, caller, async (record) => {
          await payouts.withdrawals.create(wish, (made) => record(201, withdrawalView(made)))
        })
      },
    )
    app.get(
      '/v1/lightning/withdrawals/:id',
      { schema: { params: byId, tags: ['operations'], summary: 'How far a withdrawal is' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        return withdrawalView(payouts.withdrawals.get(request.params.id))
      },
    )
    app.get(
      '/v1/lightning/withdrawals',
      { schema: { tags: ['operations'], summary: 'Withdrawals, newest first, 100 at most' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        return { data: payouts.withdrawals.list().map(withdrawalView) }
      },
    )
  }
}

/** Amounts in satoshi, as decimal text; times in ISO 8601. */
function withdrawalView(w: WithdrawalView) {
  const { amount, fee, address } = w.plan
  return {
    id: w.id,
    status: w.status,
    address,
    amount_sat: `${floorDiv(amount.units, MSAT_PER_SAT)}`,
    fee_sat: `${floorDiv(fee.units, MSAT_PER_SAT)}`,
    transaction: w.transaction ?? null,
    confirmations: w.confirmations,
    detail: w.detail ?? w.said ?? null,
    metadata: w.metadata ?? {},
    created_at: new Date(w.createdAt).toISOString(),
    ended_at: w.endedAt === undefined ? null : new Date(w.endedAt).toISOString(),
  }
}

export type WithdrawalAnswer = ReturnType<typeof withdrawalView>
