import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BITCOIN_MSAT_MAX } from '../../money/bolt11Amount.ts'
import { money } from '../../money/money.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces, OperationsFace } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { lightningArrivals } from './lightningArrivals.ts'
import { lightningView } from './lightningView.ts'

const DAY_MS = 86_400_000

const quoteRequest = z
  .strictObject({
    invoice: z.string().min(20).max(4096).optional(),
    node: z
      .string()
      .regex(/^0[23][0-9a-f]{64}$/, 'is not a compressed public key')
      .optional(),
    amount_msat: z.string().regex(/^[1-9][0-9]{0,18}$/, 'is not a number of msat'),
  })
  .refine((b) => (b.invoice === undefined) !== (b.node === undefined), {
    message: 'needs exactly one of invoice and node',
    path: ['invoice'],
  })

/** What an operator asks of the Lightning node: its channels, what can leave and arrive, what is stuck, and what a payment would cost. */
export function lightningRoutes(
  faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'operations' | 'payouts'>,
): FastifyPluginAsyncZod {
  return async (app) => {
    addReport(app, faces)
    addQuote(app, faces)
  }
}

function addReport(
  app: RouteApp,
  {
    audit,
    callers,
    ground,
    ledger,
    operations,
    payouts,
  }: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'operations' | 'payouts'>,
): void {
  app.get(
    '/v1/lightning',
    { schema: { tags: ['operations'], summary: 'The Lightning node: channels, liquidity, what is stuck, how payments go' } },
    async (request) => {
      requireOperator(callers.authenticate(request))
      const now = ground.clock.now()
      const [report, arrivals] = await Promise.all([
        nodeOf(operations).report(),
        lightningArrivals({ audit, ledger }, { now, overMs: DAY_MS }),
      ])
      const stats = payouts.payouts.attemptStats('lightning', now - DAY_MS)
      return lightningView(report, { arrivals, stats, now })
    },
  )
}

function addQuote(app: RouteApp, { callers, operations }: Pick<Faces, 'callers' | 'operations'>): void {
  app.post(
    '/v1/lightning/quote',
    { schema: { body: quoteRequest, tags: ['operations'], summary: 'What a payment would cost now; nothing is sent' } },
    async (request) => {
      requireOperator(callers.authenticate(request))
      const { invoice, node: nodeId, amount_msat } = request.body
      const { asset, check, estimate } = nodeOf(operations)
      const units = BigInt(amount_msat)
      if (units > BITCOIN_MSAT_MAX) throw new GatewayError('invalid_amount', 'There is not so much bitcoin')
      const destination =
        invoice === undefined ? ({ kind: 'lightning_node', nodeId: nodeId! } as const) : ({ kind: 'lightning_invoice', invoice } as const)
      const refused = check(destination)
      if (refused !== undefined) throw new GatewayError('invalid_request', refused)
      const terms = await estimate({ amount: money(asset, units), destination })
      if (terms.kind === 'impossible') return { possible: false, reason: terms.reason, detail: terms.detail }
      return {
        possible: true,
        fee_msat: `${terms.fee.units}`,
        fee_max_msat: `${terms.feeMax.units}`,
        success_ppm: `${terms.successPpm}`,
        seconds: `${terms.secondsToFunds}`,
        available_msat: `${terms.available.units}`,
        ...(terms.route ? { hops: terms.route.hops, lock_blocks: terms.route.lockBlocks } : {}),
      }
    },
  )
}

function nodeOf({ lightning }: Pick<OperationsFace, 'lightning'>): NonNullable<OperationsFace['lightning']> {
  if (lightning) return lightning
  throw new GatewayError('not_found', 'This gateway has no Lightning rail', { hint: 'Configure `lightning`: see docs/lightning.md.' })
}
