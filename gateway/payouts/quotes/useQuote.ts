import { NANO_USD } from '../../costs/nanoUsd.ts'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { formatAmount, type Money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { PayoutId, QuoteId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import { noRail } from '../deciding/noRail.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { readMoneyData } from '../payoutState/facts.ts'
import type { PayoutView } from '../payoutState/view.ts'
import type { QuoteContext } from './context.ts'
import { toQuoteFact } from './facts.ts'
import { ending, type LockedQuote, statusAt } from './quote.ts'

/** `payout`: the id that the payout will have. `along`: what becomes durable in the same submission, such as the caller's idempotency key. */
export type UseQuote = Readonly<{
  payout: PayoutId
  reference: string
  metadata?: Metadata
  createdBy: string
  along: (made: PayoutView) => Alongside
}>

/**
 * Makes the payout of a quote, with exactly its numbers. Refuses with `quote_used`, `quote_expired`, `no_rail` where no way is left that pays what was promised
 * and `quote_outdated` where it costs the operator too much; and with what `createPayout` does.
 */
export async function useQuote(context: QuoteContext, quote: LockedQuote, use: UseQuote): Promise<PayoutView> {
  const { records, clock, policy, payouts } = context
  const { id, destinations, feeBearer, sendBy } = quote
  requireOpen(quote, clock.now())
  const source = accounts.party(quote.party)
  const [amount, fee, receive] = [quote.amount, quote.fee, quote.receive].map(readMoneyData) as [Money, Money, Money] // Three of three.
  const promised = { quote: id, amount: receive }
  const now = await payouts.asking(source, () => payouts.quote({ source, amount, destinations, promised }))
  if (now.kind === 'impossible') {
    throw noRail(now.refusals, { what: `No rail can pay now what ${id} promises`, hint: 'Nothing was held. Make another quote.' })
  }
  const costMax = BigInt(quote.costNano) + policy.costRiseMaxNano
  if (now.costNano > costMax) {
    const [cost, most] = [now.costNano, costMax].map((units) => formatAmount({ asset: NANO_USD, units }))
    throw new GatewayError('quote_outdated', `${now.rail} would take ${cost} USD now, and may take ${most} USD for ${id}`)
  }
  // Rails took their time to answer.
  requireOpen(records.get(id) ?? quote, clock.now())
  const bearer = feeBearer === 'platform' ? {} : { feeBearer, feeMax: fee.units }
  const about = { id: use.payout, reference: use.reference, createdBy: use.createdBy, ...(use.metadata ? { metadata: use.metadata } : {}) }
  const along = (made: PayoutView): Alongside => {
    const { claims, facts } = use.along(made)
    return { claims: [...claims, ending(id, made.id)], facts: [...facts, usedFact(id, made.id, clock.now())] }
  }
  try {
    return await payouts.create({ ...about, source, amount, destinations, ...bearer, promised, sendBy, along })
  } catch (error) {
    // Somebody else was quicker: another payout, or the end of its time.
    if (isGatewayError(error, 'idempotency_key_reused') && error.meta?.claim === ending(id, 'expired').key)
      requireOpen(records.get(id) ?? quote, clock.now())
    throw error
  }
}

function usedFact(id: QuoteId, payout: PayoutId, at: number): Fact {
  return toQuoteFact({ type: 'quote.used', id, at, data: { payout } })
}

function requireOpen(quote: LockedQuote, now: number): void {
  const { id, payout, expiresAt } = quote
  const status = statusAt(quote, now)
  if (status === 'used') throw new GatewayError('quote_used', `${id} became ${payout}`, { meta: { payout } })
  if (status === 'expired') throw new GatewayError('quote_expired', `${id} was good until ${new Date(expiresAt).toISOString()}`)
}
