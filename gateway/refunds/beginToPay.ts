import { hash } from 'node:crypto'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { BTC, sameAsset } from '../money/asset.ts'
import { type Money, money, showMoney } from '../money/money.ts'
import { toRefundFact } from '../payins/refund/facts.ts'
import { refundsOf } from '../payouts/fees/purses.ts'
import type { PayoutId, ReceiptId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { feeLeft } from './feeAllowance.ts'
import { type GivenRefund, isFree, refundAccount, refundStatus } from './givenRefund.ts'
import { TRIES_MAX } from './nextEffect.ts'
import { payeeName, tryId } from './refund.ts'
import type { RefundContext } from './refundContext.ts'
import { takenBack } from './takenBack.ts'

/** Below it, in msat, many wallets can ask for nothing. */
const SATOSHI = 1_000n

/** What waits on the account of a refund. */
export function waiting({ books }: Pick<RefundContext, 'books'>, refund: GivenRefund): Money {
  const { asset } = refund.amount
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(refundAccount(refund), asset)
  return money(asset, creditsPosted - debitsPosted - debitsPending)
}

/** What an invoice for it is over, in msat: all of it, but for a part of a satoshi where there is more than one. */
export function invoiceMsat({ asset, units }: Money): bigint | undefined {
  if (!sameAsset(asset, BTC) || units === 0n) return undefined
  return units > SATOSHI ? units - (units % SATOSHI) : units
}

/** The single use of what comes next of a refund: one payout, or its end. */
export function stepKey({ id, tries }: Pick<GivenRefund, 'id' | 'tries'>): string {
  return `refund:${id}:step:${tries.length}`
}

/**
 * The one place where a refund begins to pay: a payout out of its own account, whose id follows from the refund and from how often it was tried, so that of
 * two at once, in whatever processes, the books let one be. The same again answers the payout that stands. Throws `refund_not_due`, `invalid_amount`,
 * `invalid_request` and what a payout is refused with.
 */
export async function beginToPay(context: RefundContext, refund: GivenRefund, to: Destination): Promise<PayoutId> {
  const { books, payouts, readInvoice } = context
  const name = payeeName(to, readInvoice)
  const standing = refund.tries.find((one) => one.state !== 'failed' && one.state !== 'returned' && payeeName(one.to, readInvoice) === name)
  if (standing) return standing.payout
  if (!isFree(refund)) throw notFree(refund)
  if (refund.tries.length >= TRIES_MAX) throw new GatewayError('refund_not_due', `It was tried ${TRIES_MAX} times`)
  await requireHere(context, refund)
  const left = waiting(context, refund)
  const amount = amountFor(context, left, to)
  const shown = books.claim(name)
  if (shown && shown.fingerprint !== refund.id) throw ofAnother()
  // Claims are all or none, and this refund keeps an invoice that it could not pay.
  const own = shown || to.kind !== 'lightning_invoice' ? [] : [{ key: name, fingerprint: refund.id }]
  const { request } = refund.data
  try {
    const made = await payouts.create({
      id: nameOf(refund),
      source: refundAccount(refund),
      behalf: refundsOf(refund.data.payee),
      ownFeeMax: feeLeft(
        amount,
        refund.amount,
        refund.tries.map(({ payout }) => payouts.get(payout)),
      ),
      amount,
      destinations: [to],
      reference: `refund of ${refund.data.receipt}`,
      createdBy: 'refund',
      // One step, one time: the payout's and the refund's stand side by side in the story.
      along: ({ id, createdAt }) => ({
        claims: [{ key: stepKey(refund), fingerprint: `${name} ${amount.units}` }, ...own],
        facts: [toRefundFact({ type: 'refund.sent', id: refund.id, at: Date.parse(createdAt), data: { request, try: id, to } })],
      }),
    })
    return made.id
  } catch (error) {
    if (!isGatewayError(error, 'idempotency_key_reused')) throw error
    throw error.meta.claim === name ? ofAnother() : new GatewayError('refund_not_due', 'Something else has begun with it at the same time')
  }
}

/** What has not come is paid back to nobody. */
async function requireHere({ findPayment }: RefundContext, { data: { receipt } }: GivenRefund): Promise<void> {
  const payment = await findPayment(receipt)
  if (payment && takenBack(payment))
    throw new GatewayError('refund_not_due', 'The chain has taken the payment back, and what has not come cannot go back')
}

/** An invoice is over what it is over; anything else is paid all that waits. */
function amountFor({ readInvoice }: RefundContext, left: Money, to: Destination): Money {
  if (to.kind !== 'lightning_invoice') return left
  const read = readInvoice(to.invoice)
  if (typeof read === 'string') throw new GatewayError('invalid_request', `The invoice cannot be paid: ${read}`)
  const whole = invoiceMsat(left)
  // What was paid over another rail is converted, and then an invoice that names its amount would have to guess the rate.
  if (whole === undefined) {
    if (read.amountMsat !== undefined)
      throw new GatewayError('invalid_amount', `The invoice names an amount, and ${showMoney(left)} goes back`)
    return left
  }
  if (read.amountMsat === undefined || read.amountMsat === whole || read.amountMsat === left.units)
    return money(left.asset, read.amountMsat ?? whole)
  throw new GatewayError(
    'invalid_amount',
    `The invoice is over ${showMoney(money(BTC, read.amountMsat))}, and ${showMoney(money(BTC, whole))} is due`,
  )
}

function notFree(refund: GivenRefund): GatewayError {
  return new GatewayError('refund_not_due', `The refund is ${refundStatus(refund)}`)
}

function ofAnother(): GatewayError {
  return new GatewayError('invalid_request', 'The invoice was shown for another refund; make a new one')
}

function nameOf({ id, tries }: GivenRefund): PayoutId {
  const receipt: ReceiptId = `rc_${id.slice('rf_'.length)}`
  return tryId(receipt, hash('sha256', `refund ${id} ${tries.length}`, 'hex'))
}
