import { type Money, money } from '../money/money.ts'
import type { RefundCreatedData, Way } from '../payins/refund/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { AccountPath, Claim, Fact, Leg } from '../ports/books.ts'
import type { DisputeId, EntryId, RefundId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { chainHead } from './chainHead.ts'
import { becomes, type CreatedFact, partClaim, refundLegs } from './newRefund.ts'
import type { RefundContext } from './refundContext.ts'
import { positionOf } from './standing.ts'
import { takenBack } from './takenBack.ts'
import { checkWay, wayBack } from './wayBack.ts'

/** How long it waits for its payer: as long as a refund does whose seller says nothing else. */
const LIFE_MS = 90 * 86_400_000

/** What a dispute has put in reserve under `reserve`, out of `sources`, for `amount` of what was paid. */
type LostDispute = Readonly<{
  dispute: DisputeId
  data: Pick<RefundCreatedData, 'request' | 'parties' | 'sources' | 'metadata'> & Readonly<{ paid: string }>
  amount: Money
  reserve: Readonly<{ from: AccountPath; amount: Money }>
  to: Destination | 'link' | undefined
  by: string
}>

/** To be written in one commit with the end of the dispute. */
type Lost = Readonly<{
  id: RefundId
  entry: Readonly<{ id: EntryId; legs: readonly Leg[] }>
  claims: readonly Claim[]
  facts: readonly Fact[]
}>

/**
 * A refund that is paid for by what a dispute holds. Its amount is bounded since the dispute was opened, so nothing of that is booked again. Only the gateway
 * may show its link and take it further: a payee who has lost must not be the one who is paid. Throws what `to` is refused with.
 */
export async function disputeRefund(context: RefundContext, payment: KnownPayment, o: LostDispute): Promise<Lost> {
  const { clock, ids } = context
  const { receipt } = payment
  const { amount, reserve, data } = o
  if (o.to !== undefined && o.to !== 'link') checkWay(context, o.to, amount)
  const way: Way =
    o.to === undefined ? await wayBack(context, payment, amount) : o.to === 'link' ? { kind: 'link' } : { kind: 'to', to: o.to }
  const position = positionOf(payment.facts)
  const at = clock.now()
  const fact: CreatedFact = {
    type: 'refund.created',
    id: ids.refund(),
    at,
    data: {
      request: data.request,
      receipt: receipt.id,
      place: position.place,
      rail: receipt.rail,
      payee: receipt.payee,
      parties: data.parties,
      asset: amount.asset.id,
      units: `${amount.units}`,
      over: '0',
      paid: data.paid,
      refunded: `${position.given + amount.units}`,
      left: `${BigInt(data.paid) - position.before}`,
      sources: data.sources,
      way,
      entry: ids.entry(),
      expiresAt: at + LIFE_MS,
      reason: 'dispute',
      by: o.by,
      metadata: data.metadata,
      dispute: o.dispute,
    },
  }
  const takings = reserve.amount.units > 0n ? [{ from: reserve.from, units: `${reserve.amount.units}` }] : []
  const legs = refundLegs(fact, { takings, credit: reserve.amount.asset, amount: money(amount.asset, amount.units) })
  const { facts, claims } = becomes(context, { fact, head: await chainHead(context, payment), gone: takenBack(payment) !== undefined })
  return { id: fact.id, entry: { id: fact.data.entry, legs }, claims: [partClaim(fact, position), ...claims], facts }
}
