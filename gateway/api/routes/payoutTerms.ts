import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { compare, type Money, money, parseAmount, showMoney } from '../../money/money.ts'
import { goodFundsAt } from '../../payouts/deciding/inTime.ts'
import { noRail } from '../../payouts/deciding/noRail.ts'
import type { FeeBearer } from '../../payouts/payoutState/payout.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Faces } from '../http/faces.ts'
import type { createPayout } from '../http/wire.ts'

/** A year that may be a leap year. */
const AHEAD_MS_MAX = 366 * 86_400_000

export type Body = z.output<typeof createPayout>
/** One that names its amount and its destinations, and no quote. */
export type Ordered = Body & Readonly<{ amount: NonNullable<Body['amount']>; destinations: NonNullable<Body['destinations']> }>
type Asked = Readonly<{ body: Ordered; asset: Asset; source: AccountPath; destinations: readonly Destination[] }>

/** What a payout pays and takes, and when: `amount` reaches the payee, and `feeMax` is held besides, or charged whole where somebody bears the fee. */
type Terms = Readonly<{
  amount: Money
  feeMax: bigint
  feeBearer: FeeBearer | undefined
  sendAt: number | undefined
  deliverBy: number | undefined
  cheapest?: true
}>

/** True of a payout that has terms which who agrees later could not see as they will be. */
export function isPlanned({ send_at, deliver_by, cheapest_by, fee_bearer }: Body): boolean {
  return send_at !== undefined || deliver_by !== undefined || cheapest_by !== undefined || feeBearerOf(fee_bearer) !== undefined
}

/**
 * Reads when a payout is sent and who bears its fee. Asks the rails where it has to: refuses with `no_rail`, with `deadline_unreachable` and the earliest
 * instant, and with `fee_above_limit` a fixed fee above `fee_max`.
 */
export async function termsOf(
  { ground, payouts }: Pick<Faces, 'ground' | 'payouts'>,
  { body, asset, source, destinations }: Asked,
): Promise<Terms> {
  const asked = parseAmount(body.amount.amount, asset)
  if (asked.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  const limit = body.fee_max === undefined ? undefined : parseAmount(body.fee_max, asset)
  if (body.netting && (limit || isPlanned(body))) throw notNetted(limit !== undefined)
  const times = timesOf(body, ground.clock.now())
  const feeBearer = feeBearerOf(body.fee_bearer)
  const plain: Terms = { amount: asked, feeMax: limit?.units ?? 0n, feeBearer, ...times }
  if (times.deliverBy === undefined && feeBearer === undefined) return plain
  const quote = await payouts.payouts.asking(source, () => payouts.payouts.quote({ source, amount: asked, destinations }))
  if (quote.kind === 'impossible') throw noRail(quote.refusals)
  if (times.deliverBy !== undefined) refuseLate(times.deliverBy, goodFundsAt(quote.secondsMin, ground.clock.now()))
  if (feeBearer === undefined) return plain
  return { ...plain, ...fixedFee({ asked, fee: quote.fee, limit, feeBearer }) }
}

function feeBearerOf(said: Body['fee_bearer']): FeeBearer | undefined {
  return said === 'payer' || said === 'payee' ? said : undefined
}

/** A deadline as a batch or a row of it says it (ms). */
export function deadlineIn(said: string | undefined, now: number): number | undefined {
  if (said === undefined) return undefined
  const at = Date.parse(said)
  if (at <= now + AHEAD_MS_MAX) return at
  throw new GatewayError('invalid_request', 'deliver_by is more than 366 days from now', {
    meta: { errors: [{ path: 'deliver_by', message: 'is more than 366 days from now' }] },
  })
}

function timesOf({ send_at, deliver_by, cheapest_by }: Body, now: number): Pick<Terms, 'sendAt' | 'deliverBy' | 'cheapest'> {
  const [sendAt, deliverBy] = [send_at, cheapest_by ?? deliver_by].map((text) => (text === undefined ? undefined : Date.parse(text)))
  const by = cheapest_by === undefined ? 'deliver_by' : 'cheapest_by'
  const errors: { path: string; message: string }[] = []
  if (sendAt !== undefined && sendAt > now + AHEAD_MS_MAX) errors.push({ path: 'send_at', message: 'is more than 366 days from now' })
  if (deliverBy !== undefined && deliverBy > now + AHEAD_MS_MAX) errors.push({ path: by, message: 'is more than 366 days from now' })
  if (cheapest_by !== undefined && deliver_by !== undefined) errors.push({ path: by, message: 'says what deliver_by says, and more' })
  if (sendAt !== undefined && deliverBy !== undefined && deliverBy <= sendAt) errors.push({ path: by, message: 'is not after send_at' })
  if (errors.length > 0)
    throw new GatewayError('invalid_request', `The payout cannot be made so: ${errors[0]!.path} ${errors[0]!.message}`, {
      meta: { errors },
    })
  const later = sendAt !== undefined && sendAt > now ? sendAt : undefined
  return { sendAt: later, deliverBy, ...(cheapest_by === undefined ? {} : { cheapest: true }) }
}

function refuseLate(deliverBy: number, earliest: number): void {
  if (earliest <= deliverBy) return
  const at = new Date(earliest).toISOString()
  throw new GatewayError('deadline_unreachable', `The payee would have good funds at ${at} at the earliest`, { meta: { earliest: at } })
}

type Fixing = Readonly<{ asked: Money; fee: Money; limit: Money | undefined; feeBearer: FeeBearer }>

/** The payee's fee comes out of the amount, so that the source pays the amount and no more. */
function fixedFee({ asked, fee, limit, feeBearer }: Fixing): Pick<Terms, 'amount' | 'feeMax'> {
  if (limit && compare(fee, limit) > 0)
    throw new GatewayError('fee_above_limit', `The fee is ${showMoney(fee)} now, and may be ${showMoney(limit)}`, {
      hint: 'Nothing was held. Raise `fee_max`, or ask again when the rail is cheaper.',
    })
  if (feeBearer === 'payer') return { amount: asked, feeMax: fee.units }
  if (compare(fee, asked) >= 0)
    throw new GatewayError('invalid_amount', `The fee of ${showMoney(fee)} leaves nothing of ${showMoney(asked)}`, {
      hint: 'Send more, or let another side bear the fee with `fee_bearer`.',
    })
  return { amount: money(asked.asset, asked.units - fee.units), feeMax: fee.units }
}

function notNetted(fee: boolean): GatewayError {
  const words = fee
    ? 'Nobody bears the fee of a payment that is made for several'
    : 'A payment that is made for several has no time and no fee of its own'
  return new GatewayError('invalid_request', words, {
    hint: 'Leave `netting` out, or `fee_max`, `fee_bearer`, `send_at`, `deliver_by` and `cheapest_by`.',
  })
}
