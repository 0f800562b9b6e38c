import { GatewayError } from '../errors/gatewayError.ts'
import { type Money, money, parseAmount } from '../money/money.ts'
import { readRequestFact } from '../payins/claim/facts.ts'
import { FAILED_STATUS_MIN } from '../payins/claim/paidRequests.ts'
import { type DisputeFact, readDisputeFact } from '../payins/dispute/facts.ts'
import { type RefundFact, readGivenFact, readRefundFact } from '../payins/refund/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Fact } from '../ports/books.ts'
import type { AssetOf } from './givenRefund.ts'
import type { RefundContext } from './refundContext.ts'

/**
 * So often one payment may be given back or disputed in parts, each of which is written down: by its payees, and in all. What an operator has beyond them is
 * what keeps a payee from using them up so that nobody can contest its payment.
 */
const PARTS_OF_PAYEES_MAX = 20
const PARTS_MAX = 40
/** Work that runs, or money that is being taken, may have come to its end by then. */
const AGAIN_S = 5

/** What a payee was given by a payment, in units, and what of it was not given back since. */
export type Share = Readonly<{ party: string; given: bigint; left: bigint }>

/**
 * What has become of what was paid, in units: `given` back, `disputed` and not decided yet, and both of it, which is `before` whatever comes next. `parts`:
 * how many refunds and disputes there were, which are one sequence; `place`: how many of these are refunds of their own.
 */
export type Position = Readonly<{ given: bigint; disputed: bigint; before: bigint; parts: number; place: number }>

/** What a payment brought: `asked` of what was paid, for which its payees were given `credit`. */
export type Standing = Position & Readonly<{ asked: Money; credit: Money; shares: readonly Share[] }>

/** Reads it off what was said of a payment. */
export function positionOf(facts: readonly Fact[]): Position {
  const made = facts.flatMap((fact) => readRefundFact(fact) ?? [])
  const earlier = facts.flatMap((fact) => readGivenFact(fact) ?? [])
  const place = made.filter(({ type }) => type === 'refund.created').length
  const given = earlier.reduce((sum, { data }) => sum + BigInt(data.units), 0n) + standingUnits(made)
  const disputed = openDisputes(facts).reduce((sum, { data }) => sum + BigInt(data.units), 0n)
  const opened = facts.filter(({ type }) => type === 'dispute.opened').length
  return { given, disputed, before: given + disputed, parts: earlier.length + place + opened, place }
}

/**
 * Reads it off the receipt and what was said since, for the party that asks, or an operator. Throws `not_refundable` for what has not come, was not served, or
 * was given back already.
 */
export function standingOf(
  payment: KnownPayment,
  { assetOf, books }: Pick<RefundContext, 'assetOf' | 'books'>,
  asker: string | undefined,
): Standing {
  const { receipt, facts } = payment
  const made = facts.flatMap((fact) => readRefundFact(fact) ?? [])
  const earlier = facts.flatMap((fact) => readGivenFact(fact) ?? [])
  const position = positionOf(facts)
  if (earlier.at(-1)?.data.left === '0') throw refuse('All that was paid was given back already')
  const partsMax = asker === undefined ? PARTS_MAX : PARTS_OF_PAYEES_MAX
  if (position.parts >= partsMax) throw refuse(`It was given back or disputed in ${partsMax} parts already`)
  checkServed(payment)
  const first = books.entry(receipt.entry)?.legs[0]
  if (first && 'debit' in first && first.debit.startsWith('pass:')) throw refuse('It was a use of a pass, which its payer has bought')
  const { asked, credit } = brought(payment, assetOf)
  if (position.given >= asked.units) throw refuse('All that was paid was given back already')
  if (position.before >= asked.units)
    throw refuse('All that was paid and not given back is disputed', 'GET /v1/disputes?payment=<receipt>.')
  const taken = takenFrom(made, openDisputes(facts))
  const whole = new Map<string, bigint>()
  for (const { to, amount } of receipt.parts) whole.set(to, (whole.get(to) ?? 0n) + parseAmount(amount, credit.asset).units)
  const all = [...whole.values()].reduce((sum, units) => sum + units, 0n)
  const shares = [...whole].map(([party, units]) => {
    // A maximum of which a part was taken gave each payee as large a part of its share.
    const given = all === credit.units || all === 0n ? units : (units * credit.units) / all
    const less = taken.get(`party:${party}`) ?? 0n
    return { party, given, left: given > less ? given - less : 0n }
  })
  return { ...position, asked, credit, shares }
}

function refuse(why: string, hint?: string): GatewayError {
  return new GatewayError('not_refundable', why, hint === undefined ? {} : { hint })
}

function notYet(why: string): GatewayError {
  const hint = 'Nothing moved. GET /v1/payments/<receipt> says how it stands.'
  return new GatewayError('not_refundable', why, { hint, meta: { retry_after_s: AGAIN_S } })
}

function checkServed({ receipt, status: { state, reason }, facts }: KnownPayment): void {
  const request = facts.flatMap((fact) => readRequestFact(fact) ?? [])
  const isIntent = receipt.payment.startsWith('pi_')
  if (!isIntent && request.length === 0)
    throw refuse('It paid for no request and no intent, but a pass', 'Its payee can pay it back by a payout.')
  if (reason === 'given_back') throw refuse('All that was paid was given back already')
  if (reason === 'not_served' || ['failed', 'refund_due', 'refunded'].includes(state))
    throw refuse('It paid for no request that was served', 'Money for work that was not delivered goes back by itself.')
  if (state !== 'settled') throw notYet(`The payment is ${state}, and what has not come cannot go back`)
  if (isIntent) return
  const isServed = request.some((said) => said.type === 'request.answered' && said.data.status < FAILED_STATUS_MIN)
  if (!isServed) throw notYet('It has paid for no request that was served yet')
}

/** What was asked and given, as the receipt's rate says; of a maximum, what was taken of it. */
function brought({ receipt, facts }: KnownPayment, assetOf: AssetOf): Readonly<{ asked: Money; credit: Money }> {
  const [askedAmount = '', askedAsset = '', , creditAmount = '', creditAsset = ''] = receipt.rate.split(' ')
  const [inAsset, outAsset] = [assetOf(askedAsset), assetOf(creditAsset)]
  const charge = chargeOf(facts)
  if (!charge) return { asked: parseAmount(askedAmount, inAsset), credit: parseAmount(creditAmount, outAsset) }
  if (charge.units === '0') throw refuse('Its work used nothing, so nothing was taken')
  const isConverted = charge.credit !== '0'
  return { asked: money(inAsset, BigInt(charge.units)), credit: money(outAsset, BigInt(isConverted ? charge.credit : charge.units)) }
}

function chargeOf(facts: readonly Fact[]) {
  for (const fact of facts) {
    const said = readRequestFact(fact)
    if (said?.type === 'request.answered' && said.data.charge) return said.data.charge
  }
  return undefined
}

/** Of what was paid, units that were given back and not returned to the payees. */
function standingUnits(made: readonly RefundFact[]): bigint {
  return made.reduce((sum, fact) => {
    if (fact.type === 'refund.created') return sum + BigInt(fact.data.units) - BigInt(fact.data.over)
    return fact.type === 'refund.ended' ? sum - BigInt(fact.data.returned) : sum
  }, 0n)
}

type Opened = Extract<DisputeFact, { type: 'dispute.opened' }>

/** Disputes that are not decided: what was lost is a refund by then. */
function openDisputes(facts: readonly Fact[]): readonly Opened[] {
  const said = facts.flatMap((fact) => readDisputeFact(fact) ?? [])
  const decided = new Set(said.flatMap(({ type, id }) => (type === 'dispute.decided' ? [id] : [])))
  return said.filter((fact): fact is Opened => fact.type === 'dispute.opened' && !decided.has(fact.id))
}

/** By the account that it was taken from, in units of the credit at the rate of the payment. */
function takenFrom(made: readonly RefundFact[], disputes: readonly Opened[]): ReadonlyMap<string, bigint> {
  const returned = new Set<string>(
    made.flatMap((fact) => (fact.type === 'refund.ended' && fact.data.outcome !== 'succeeded' ? [fact.id] : [])),
  )
  const taken = new Map<string, bigint>()
  for (const fact of [...made, ...disputes]) {
    if ((fact.type !== 'refund.created' && fact.type !== 'dispute.opened') || returned.has(fact.id)) continue
    for (const { from, share } of fact.data.sources) taken.set(from, (taken.get(from) ?? 0n) + BigInt(share))
  }
  return taken
}
