import { moneyText } from '../audit/receipt/receipt.ts'
import { headIn, updateFacts } from '../audit/receipt/receiptChain.ts'
import { headOf } from '../audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { sameAsset } from '../money/asset.ts'
import { max } from '../money/integers.ts'
import { type Money, money, mulDiv, parseAmount, showMoney } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { type ChargeData, readRequestFact } from '../payins/claim/facts.ts'
import { FAILED_STATUS_MIN } from '../payins/claim/paidRequests.ts'
import { OFFER_LIFE_MS } from '../payins/claim/replay.ts'
import { moneyLegs } from '../payins/exposure/exposureLegs.ts'
import type { PayinsFace } from '../payins/openPayins.ts'
import { readGivenFact, toGivenFact } from '../payins/refund/facts.ts'
import { refundLink } from '../payins/refund/refundLink.ts'
import { move } from '../payins/settlement/legs.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { Books, Claim, Fact, Leg } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import { railKind } from '../ports/railName.ts'
import type { RateSource } from '../ports/rates.ts'

/** So often one payment may be given back in parts: each is written down. */
const PARTS_MAX = 20
/** Work that runs, or money that is being taken, may have come to its end by then. */
const AGAIN_S = 5

type Parts = Pick<PayinsFace, 'findPayment' | 'challengeKeys'> & Readonly<{ books: Books }>
/** What becomes durable with it: an idempotency key, and the answer kept for it. */
type Along = (given: Given) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/** `isOwn` says whose payments the caller may give back; `amount` in the asset that was paid, all that is left when absent. */
type GiveRefund = Readonly<{
  receipt: string
  isOwn: (payee: string) => boolean
  amount: Readonly<{ asset: string; amount: string }> | undefined
  reason: string
  metadata: Readonly<Record<string, string>>
  by: string
  along: Along
}>

/** What was given back now, in all, and what can still be. */
export type Given = Readonly<{
  payment: KnownPayment
  amount: Money
  inAll: Money
  left: Money
  reason: string
  metadata: GiveRefund['metadata']
}>

/** What a payment brought: `asked` of what was paid, for which the payee was given `credit`; `before` is what was given back of it already. */
type Standing = Readonly<{ asked: Money; credit: Money; from: string; before: bigint; parts: number }>

/**
 * Gives back to its payer what a served request has paid, out of its payee's balance and not below the rate of the payment: into `surplus:<receipt>`, from
 * where the payer's rail pays it, or a balance has it at once. Each part has the next number of its receipt, so that two at once cannot both be it.
 */
export function createGiveRefund(
  { clock, ids, rates }: Pick<Ground, 'clock' | 'ids' | 'rates'>,
  { books, findPayment, challengeKeys }: Parts,
) {
  const inTurn = createInTurn()

  async function findOwn({ receipt, isOwn }: Pick<GiveRefund, 'receipt' | 'isOwn'>): Promise<KnownPayment> {
    const payment = await findPayment(receipt)
    if (!payment || !isOwn(payment.receipt.payee)) throw new GatewayError('not_found', 'There is nothing of yours under this id')
    return payment
  }

  async function give(o: GiveRefund): Promise<void> {
    const payment = await findOwn(o)
    const { receipt } = payment
    const standing = standingOf(books, payment)
    const left = standing.asked.units - standing.before
    const amount = amountOf(o.amount, money(standing.asked.asset, left))
    const at = clock.now()
    const isLate = at - Date.parse(receipt.issued_at) > OFFER_LIFE_MS
    const entry = newEntry({ ids }, receipt.id, legsOf(payment, standing, { amount, rates: isLate ? rates : undefined }))
    const [inAll, rest] = [standing.before + amount.units, left - amount.units].map((units) => money(amount.asset, units)) as [Money, Money] // Two in, two out.
    const { claims, facts } = o.along({ payment, amount, inAll, left: rest, reason: o.reason, metadata: o.metadata })
    const data = { units: `${amount.units}`, left: `${rest.units}`, entry: entry.id, reason: o.reason, by: o.by, metadata: o.metadata }
    const state = railKind(receipt.rail) === 'book' ? 'refunded' : 'refund_due'
    const head = headIn(payment.facts, receipt.id) ?? headOf(receipt)
    const news = updateFacts(head, at, { state, reason: 'given_back', entry: entry.id, amount: moneyText(amount) })
    const outcome = await submitUntilKnown(books, {
      claims: [{ key: `refund:${receipt.id}:${standing.parts}`, fingerprint: entry.id }, ...claims],
      facts: [toGivenFact({ type: 'refund.given', id: receipt.id, at, data }), ...news, ...facts],
      entry,
    })
    if (outcome.kind === 'declined')
      throw new GatewayError('insufficient_balance', `The balance of ${receipt.payee} has less than ${showMoney(amount)} is worth`)
    if (outcome.kind === 'conflict')
      throw new GatewayError('request_in_progress', 'Another refund of this payment was made at the same time')
  }

  return {
    /** Gives it back for its seller. Throws `not_found`, `not_refundable`, `invalid_amount`, `insufficient_balance`; nothing moved then. */
    give: (o: GiveRefund): Promise<void> => inTurn(o.receipt, () => give(o)),
    /** What opens the refunds of a receipt, for its payee. Throws `not_found` for who is not. */
    linkFor: async (receipt: string, isOwn: GiveRefund['isOwn']): Promise<string> =>
      refundLink(challengeKeys.refund, (await findOwn({ receipt, isOwn })).receipt.id),
  }
}

function refuse(why: string, hint?: string): GatewayError {
  return new GatewayError('not_refundable', why, hint === undefined ? {} : { hint })
}

function notYet(why: string): GatewayError {
  const hint = 'Nothing moved. GET /v1/payments/<receipt> says how it stands.'
  return new GatewayError('not_refundable', why, { hint, meta: { retry_after_s: AGAIN_S } })
}

/** Refuses what has not come, was not served, or is not its payee's alone to give back. */
function checkRefundable({ receipt: { payee }, status: { state, reason }, facts }: KnownPayment): void {
  if (!payee.startsWith('pa_'))
    throw refuse('What was paid belongs to the payees of a split', 'Each of them can pay its part back by a payout of its own.')
  const request = facts.flatMap((fact) => readRequestFact(fact) ?? [])
  if (request.length === 0) throw refuse('It paid for no single request, but an intent or a pass', 'Its payee can pay it back by a payout.')
  const given = facts.flatMap((fact) => readGivenFact(fact) ?? [])
  if (given.at(-1)?.data.left === '0') throw refuse('All that was paid was given back already')
  if (given.length >= PARTS_MAX) throw refuse(`It was given back in ${PARTS_MAX} parts already`)
  if (reason === 'not_served' || ['failed', 'refund_due', 'refunded'].includes(state))
    throw refuse('It paid for no request that was served', 'Money for work that was not delivered goes back by itself.')
  if (state !== 'settled') throw notYet(`The payment is ${state}, and what has not come cannot go back`)
  const isServed = request.some((said) => said.type === 'request.answered' && said.data.status < FAILED_STATUS_MIN)
  if (!isServed) throw notYet('It has paid for no request that was served yet')
}

function standingOf(books: Books, payment: KnownPayment): Standing {
  checkRefundable(payment)
  const { id, payee, entry } = payment.receipt
  const booked = books.entry(entry)
  invariant(booked, `the entry of ${id} is booked`)
  const legs = moneyLegs(booked).flatMap((leg) => (leg.kind === 'move' || leg.kind === 'hold' ? [leg] : []))
  const [first, credit] = [legs[0], legs.find((leg) => leg.credit === accounts.party(payee))]
  if (first?.debit.startsWith('pass:')) throw refuse('It was a use of a pass, which its payer has bought')
  invariant(first && credit, `the entry of ${id} takes what was asked, and gives its payee a credit`)
  const given = payment.facts.flatMap((fact) => readGivenFact(fact) ?? [])
  const charge = chargeOf(payment)
  if (charge?.units === '0') throw refuse('Its work used nothing, so nothing was taken')
  const isConverted = charge !== undefined && charge.credit !== '0'
  return {
    asked: money(first.asset, charge ? BigInt(charge.units) : first.units),
    credit: money(credit.asset, charge ? BigInt(isConverted ? charge.credit : charge.units) : credit.units),
    from: first.debit,
    before: given.reduce((sum, { data }) => sum + BigInt(data.units), 0n),
    parts: given.length,
  }
}

/** What was taken of a maximum, which is what its entry holds; undefined for what had one price. */
function chargeOf({ facts }: KnownPayment): ChargeData | undefined {
  for (const fact of facts) {
    const said = readRequestFact(fact)
    if (said?.type === 'request.answered' && said.data.charge) return said.data.charge
  }
  return undefined
}

function amountOf(wanted: GiveRefund['amount'], left: Money): Money {
  if (!wanted) return left
  const { asset } = left
  if (wanted.asset !== asset.id && wanted.asset !== asset.code)
    throw new GatewayError('unknown_asset', `The payment was made in ${asset.id}`, { hint: 'Name the amount in the asset that was paid.' })
  const amount = parseAmount(wanted.amount, asset)
  if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  if (amount.units > left.units)
    throw new GatewayError('invalid_amount', `${showMoney(amount)} is more than the ${showMoney(left)} that is left of the payment`)
  return amount
}

/**
 * At the rate of the payment, by cumulative shares: all parts together take from the payee exactly what the payment gave it. Where `rates` are given, what was
 * converted costs the payee what it is worth now and no less than that, so that nobody can give back when a rate has moved in its favour.
 */
function legsOf(
  { receipt }: KnownPayment,
  { asked, credit, from, before }: Standing,
  { amount, rates }: Readonly<{ amount: Money; rates: RateSource | undefined }>,
): Leg[] {
  const [payee, surplus] = [accounts.party(receipt.payee), accounts.surplus(receipt.id)]
  const share = (units: bigint) => mulDiv(credit.units, units, asked.units, 'up')
  const brought = share(before + amount.units) - share(before)
  const isConverted = !sameAsset(asked.asset, credit.asset)
  const worth = rates && isConverted ? convert(amount, rates.rate(asked.asset, credit.asset), 'up').units : 0n
  const taken = money(credit.asset, max(brought, worth))
  const fx = accounts.fx(asked.asset, credit.asset)
  const legs = isConverted
    ? [...(taken.units > 0n ? [move(payee, fx, taken)] : []), move(fx, surplus, amount)]
    : [move(payee, surplus, amount)]
  return railKind(receipt.rail) === 'book' ? [...legs, move(surplus, from, amount)] : legs
}
