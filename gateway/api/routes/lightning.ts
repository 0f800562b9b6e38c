import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDiv } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { type Arrivals, lightningView } from './lightningView.ts'

const READ_WAIT_MS = 2000
const DAY_MS = 86_400_000
const NS_PER_MS = 1_000_000n
/** Changes of the rail's account that are looked at; more in a day, and the newest of them stand for it. */
const CHANGES_MAX = 5_000
const MSAT_MAX = 2_100_000_000_000_000_000n
/** What stood at the node when the gateway first saw it is booked as this payment, and moves between its places credit one of them. */
const OPENING = 'capital'
const OWN = /^(rail|transit):/

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
export function lightningRoutes({
  audit,
  callers,
  ground,
  ledger,
  operations,
  payouts,
}: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'operations' | 'payouts'>): FastifyPluginAsyncZod {
  function node(): NonNullable<Faces['operations']['lightning']> {
    if (operations.lightning) return operations.lightning
    throw new GatewayError('not_found', 'This gateway has no Lightning rail', { hint: 'Configure `lightning`: see docs/lightning.md.' })
  }

  /** What payers have sent us in the last day, as the books have it. */
  async function arrivals(now: number): Promise<Arrivals> {
    const { reads, readAfter } = audit.projector
    await readAfter(ledger.books.head().seq, READ_WAIT_MS)
    const from = BigInt(now - DAY_MS) * NS_PER_MS
    const account = reads.balances('rail:lightning:', { limit: 100 }).find(({ path }) => path === 'rail:lightning:node')
    const recent = account ? reads.history(account.n, { limit: CHANGES_MAX }).filter(({ at }) => at >= from) : []
    const came = recent.filter(
      (c) => c.kind === 'move' && c.debit.account === account?.n && c.payment !== OPENING && !OWN.test(c.creditPath),
    )
    const oldest = recent.at(-1)
    // When the day has more changes than are read, they stand for the time that they cover.
    const since = recent.length === CHANGES_MAX && oldest ? oldest.at : from
    return { count: came.length, msat: came.reduce((sum, { units }) => sum + units, 0n), overMs: BigInt(now) - floorDiv(since, NS_PER_MS) }
  }

  return async (app) => {
    app.get(
      '/v1/lightning',
      { schema: { tags: ['operations'], summary: 'The Lightning node: channels, liquidity, what is stuck, how payments go' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const now = ground.clock.now()
        const [report, came] = await Promise.all([node().report(), arrivals(now)])
        const stats = payouts.payouts.attemptStats('lightning', now - DAY_MS)
        return lightningView(report, { arrivals: came, stats, now })
      },
    )
    app.post(
      '/v1/lightning/quote',
      { schema: { body: quoteRequest, tags: ['operations'], summary: 'What a payment would cost now; nothing is sent' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const { invoice, node: nodeId, amount_msat } = request.body
        const { asset, check, estimate } = node()
        const units = BigInt(amount_msat)
        if (units > MSAT_MAX) throw new GatewayError('invalid_amount', 'There is not so much bitcoin')
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
}
