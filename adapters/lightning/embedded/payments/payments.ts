import { createHash, randomBytes } from 'node:crypto'
import {
  Option_ThirtyTwoBytesZ,
  Option_u64Z_Some,
  Result_NoneRetryableSendFailureZ_Err,
  Result_ThirtyTwoBytesRetryableSendFailureZ_Err,
  Result_ThirtyTwoBytesRetryableSendFailureZ_OK,
  Retry,
  RetryableSendFailure,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { FailureReason } from '../../../../gateway/ports/outcome.ts'
import { HTLC_SLOTS } from '../ldk/nodeConfig.ts'
import { type AttemptRow, attemptById, attemptForHash, pendingCount, recordPending, recordRefused } from './attempts.ts'
import { dustRefusal } from './dustExposure.ts'
import { reasonOfRefusal } from './failureReason.ts'
import { type PayingNode, type PaymentOrder, parseInvoice, termsOf } from './paymentTerms.ts'
import { payOffer } from './payOffer.ts'
import { quotePayment } from './quotePayment.ts'

/** Payments of ours under way at once: 60 % of a channel's slots, because a slot stays taken until its HTLC is fully revoked. */
const PAYMENTS_IN_FLIGHT_MAX = BigInt(Math.trunc(HTLC_SLOTS * 0.6))

/** Further routes LDK tries when one fails. */
const RETRIES = 3

type Refusal = Readonly<{ reason: FailureReason; detail: string }>

/** Begins a payment, or refuses it, and records which. Durable, and under way, only after the pump's next commit. */
export function beginPayment(node: PayingNode, order: PaymentOrder): AttemptRow {
  const known = attemptById(node.store, order.id)
  if (known) return known
  // LDK refuses a payment id it has seen, so the id follows from the attempt and from nothing else.
  const paymentId = createHash('sha256').update(`switchyard attempt ${order.id}`).digest()
  const begun = refusalBefore(node, order) ?? handToLdk(node, order, paymentId)
  const attempt = { id: order.id, paymentId: paymentId.toString('hex'), amountMsat: order.amountMsat, at: node.now() }
  if (typeof begun === 'string') recordPending(node.store, { ...attempt, paymentHash: begun })
  else recordRefused(node.store, { ...attempt, ...begun })
  const row = attemptById(node.store, order.id)
  invariant(row, 'an attempt stands once it is recorded')
  return row
}

function refusalBefore({ store, dustExposureMsatMax }: PayingNode, order: PaymentOrder): Refusal | undefined {
  if (pendingCount(store) >= PAYMENTS_IN_FLIGHT_MAX) {
    return { reason: 'rejected_by_rail', detail: `${PAYMENTS_IN_FLIGHT_MAX} payments are in flight, which is the limit` }
  }
  const dusty = dustRefusal(store, order.amountMsat, dustExposureMsatMax)
  if (dusty !== undefined) return { reason: 'rejected_by_rail', detail: dusty }
  if (order.payee.kind !== 'invoice') return undefined
  const invoice = parseInvoice(order.payee.invoice)
  if (!invoice) return { reason: 'invalid_destination', detail: 'the node cannot read the invoice' }
  const amount = invoice.amount_milli_satoshis()
  if (amount instanceof Option_u64Z_Some && amount.some !== order.amountMsat) {
    return { reason: 'invalid_destination', detail: 'the invoice names another amount' }
  }
  const other = attemptForHash(store, Buffer.from(invoice.payment_hash()).toString('hex'))
  return other && { reason: 'already_used', detail: `attempt ${other.id} pays this invoice and is ${other.state}` }
}

/** The payment hash once LDK carries the payment, or its refusal: then nothing was sent and no event follows. */
function handToLdk(node: PayingNode, order: PaymentOrder, paymentId: Uint8Array): string | Refusal {
  const { manager } = node
  const { payee } = order
  // What an offer's invoice will be is not known yet, its hash neither.
  if (payee.kind === 'offer') return payOffer(node, { ...order, retries: RETRIES }, payee.offer, paymentId) ?? ''
  const { hash, onion, route } = termsOf(node, { ...order, payee })
  if (hash) {
    const sent = manager.send_payment(hash, onion, paymentId, route, Retry.constructor_attempts(RETRIES))
    if (sent instanceof Result_NoneRetryableSendFailureZ_Err) return explain(node, order, sent.err)
    return Buffer.from(hash).toString('hex')
  }
  const preimage = Option_ThirtyTwoBytesZ.constructor_some(randomBytes(32))
  const sent = manager.send_spontaneous_payment(preimage, onion, paymentId, route, Retry.constructor_attempts(RETRIES))
  if (sent instanceof Result_ThirtyTwoBytesRetryableSendFailureZ_Err) return explain(node, order, sent.err)
  invariant(sent instanceof Result_ThirtyTwoBytesRetryableSendFailureZ_OK, 'a result is one of two')
  return Buffer.from(sent.res).toString('hex')
}

/** Finding no route has three causes that the caller treats differently; the route without a fee limit tells them apart. */
function explain(node: PayingNode, order: PaymentOrder, refusal: RetryableSendFailure): Refusal {
  if (refusal !== RetryableSendFailure.LDKRetryableSendFailure_RouteNotFound) {
    return { reason: reasonOfRefusal(refusal), detail: `the node refused: ${RetryableSendFailure[refusal]}` }
  }
  const { route, availableMsat } = quotePayment(node, order)
  if (route !== undefined && route.feeMsat > order.feeMaxMsat) {
    return { reason: 'fee_above_limit', detail: `the cheapest route costs ${route.feeMsat} msat, the limit is ${order.feeMaxMsat} msat` }
  }
  if (order.amountMsat > availableMsat) {
    return { reason: 'insufficient_liquidity', detail: `${availableMsat} msat can leave now` }
  }
  return { reason: 'no_route', detail: 'the node finds no route to the payee' }
}
