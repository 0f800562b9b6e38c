import { moneyText } from '../audit/receipt/receipt.ts'
import { nextWord, unlessSpokenOver, untilSaid } from '../audit/receipt/receiptChain.ts'
import type { News } from '../audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { allocate } from '../money/allocate.ts'
import { sameAsset } from '../money/asset.ts'
import { min } from '../money/integers.ts'
import { type Money, money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { OFFER_LIFE_MS } from '../payins/claim/replay.ts'
import { type RefundEnd, toRefundFact } from '../payins/refund/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Claim, Fact, Leg } from '../ports/books.ts'
import { stepKey, waiting } from './beginToPay.ts'
import { chainHead } from './chainHead.ts'
import { type GivenRefund, overAccount, refundAccount } from './givenRefund.ts'
import type { RefundContext } from './refundContext.ts'
import { takenBack } from './takenBack.ts'

type Ending = Readonly<{ outcome: RefundEnd; by: string; along?: Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }> }>

/**
 * Ends a refund: it is with its payer, or what waits goes back to whoever has paid for it, in the same commit. Of two ends, or an end and a payout, the books
 * let one be: false when it was another. Throws `insufficient_liquidity` while what was converted cannot be converted back.
 */
export async function endRefund(context: RefundContext, refund: GivenRefund, { outcome, by, along }: Ending): Promise<boolean> {
  const { books, clock, findPayment } = context
  const { receipt, request } = refund.data
  const isPaid = outcome === 'succeeded'
  const step = stepKey(refund)
  const done = await untilSaid(async () => {
    const payment = await findPayment(receipt)
    invariant(payment, `the payment of ${refund.id} has its receipt`)
    const left = waiting(context, refund)
    const isOurs = isPaid || bearsLoss(payment, refund)
    const units = isOurs ? 0n : min(left.units, refund.amount.units - refund.over)
    const legs = isOurs ? operatorLegs(context, refund, left) : backLegs(context, refund, { left, units })
    const head = await chainHead(context, payment)
    const at = clock.now()
    const word = nextWord(head, at, newsOf(payment, refund, outcome))
    const data = { request, outcome, returned: `${units}`, by }
    const submission = {
      claims: [{ key: step, fingerprint: outcome }, ...(along?.claims ?? []), ...word.claims],
      facts: [toRefundFact({ type: 'refund.ended', id: refund.id, at, data }), ...word.facts, ...(along?.facts ?? [])],
    }
    const entry = legs.length > 0 && newEntry(context, receipt, legs)
    return unlessSpokenOver(await submitUntilKnown(books, entry ? { ...submission, entry } : submission))
  })
  // Another process may have written the same end.
  if (done.kind === 'conflict') return done.with.key === step && done.with.fingerprint === outcome
  if (done.kind === 'declined')
    throw new GatewayError('insufficient_liquidity', 'What was converted for the refund cannot be converted back now')
  return true
}

function newsOf(payment: KnownPayment, refund: GivenRefund, outcome: RefundEnd): News {
  const amount = moneyText(refund.amount)
  if (outcome === 'succeeded') return { state: 'refunded', reason: 'given_back', amount }
  return { state: takenBack(payment) ? 'held' : 'settled', reason: `refund_${outcome}`, amount }
}

/** Its payees have lost it, and its chain has taken back what it was paid with, which the books could not: the operator misses that at the rail. */
function bearsLoss(payment: KnownPayment, { data }: GivenRefund): boolean {
  return data.dispute !== undefined && takenBack(payment) === 'declined'
}

/** What has come of a loss is the operator's, who bears it; as is a part of a satoshi that no wallet asks for, who bears the fees. */
function operatorLegs({ bookAsset }: RefundContext, refund: GivenRefund, left: Money): Leg[] {
  return left.units > 0n ? [move(refundAccount(refund), accounts.operator(left.asset, bookAsset), left)] : []
}

/** To whoever has paid for it, and what had come above the price to where it waited. `units` of the payment can be given back again. */
function backLegs(context: RefundContext, refund: GivenRefund, { left, units }: Readonly<{ left: Money; units: bigint }>): Leg[] {
  const own = refundAccount(refund)
  const over = money(left.asset, left.units - units)
  const part = money(left.asset, units)
  const legs = over.units > 0n ? [move(own, overAccount(refund.data), over)] : []
  if (units === 0n) return legs
  return [...legs, ...shareLegs(context, refund, part), move(accounts.refundable(refund.data.receipt), accounts.refunds, part)]
}

function shareLegs(context: RefundContext, refund: GivenRefund, part: Money): Leg[] {
  const own = refundAccount(refund)
  const [first] = refund.sources
  const { bookAsset } = context
  if (!first) return [move(own, accounts.operator(part.asset, bookAsset), part)]
  const { asset } = first.amount
  const weights = refund.sources.map(({ amount }) => amount.units)
  if (sameAsset(asset, part.asset)) return divided(own, refund, part)
  const fx = accounts.fx(part.asset, asset)
  const back = money(asset, backUnits(context, refund, part))
  const shares = weights.some((weight) => weight > 0n) && back.units > 0n ? divided(fx, refund, back) : []
  return [move(own, fx, part), ...shares]
}

function divided(from: string, { sources }: GivenRefund, amount: Money): Leg[] {
  const parts = allocate(
    amount.units,
    sources.map((source) => source.amount.units),
  )
  return sources.flatMap((source, i) =>
    parts[i]! > 0n && source.from !== from ? [move(from, source.from, money(amount.asset, parts[i]!))] : [],
  )
}

/** What was taken for it; later than an offer lives no more than it is worth now, or who waits would have a bet on the rate for nothing. */
function backUnits({ clock, rates }: RefundContext, refund: GivenRefund, part: Money): bigint {
  const asked = refund.amount.units - refund.over
  const all = refund.sources.reduce((sum, { amount }) => sum + amount.units, 0n)
  const taken = asked === 0n ? 0n : (all * part.units) / asked
  const { asset } = refund.sources[0]!.amount
  if (clock.now() - refund.createdAt <= OFFER_LIFE_MS) return taken
  return min(taken, convert(part, rates.rate(part.asset, asset), 'down').units)
}
