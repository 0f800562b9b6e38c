import { createHash, randomBytes } from 'node:crypto'
import {
  Bolt11Invoice,
  type ChannelManager,
  Option_ThirtyTwoBytesZ,
  Option_u64Z,
  Option_u64Z_Some,
  PaymentParameters,
  RecipientOnionFields,
  Result_Bolt11InvoiceParseOrSemanticErrorZ_OK,
  Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK,
  Result_NoneRetryableSendFailureZ_Err,
  Result_RouteLightningErrorZ_OK,
  Result_ThirtyTwoBytesRetryableSendFailureZ_Err,
  Result_ThirtyTwoBytesRetryableSendFailureZ_OK,
  Retry,
  RetryableSendFailure,
  RouteParameters,
  UtilMethods,
} from 'lightningdevkit'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { FailureReason } from '../../../gateway/ports/outcome.ts'
import { type AttemptRow, attemptById, attemptForHash, pendingCount, recordPending, recordRefused } from './attempts.ts'
import { reasonOfRefusal } from './failureReason.ts'
import { HTLC_SLOTS } from './nodeConfig.ts'
import type { NodeParts } from './nodeParts.ts'
import type { NodeStore } from './nodeStore.ts'

/** Payments of ours under way at once: 60 % of a channel's slots, because a slot stays taken until its HTLC is fully revoked. */
export const PAYMENTS_IN_FLIGHT_MAX = BigInt(Math.trunc(HTLC_SLOTS * 0.6))

/** Further routes LDK tries when one fails. */
const RETRIES = 3

/** Blocks a keysend's last HTLC may live: BOLT 11's default for invoices is 18; LDK's own receivers want at least 24. */
const KEYSEND_FINAL_CLTV_BLOCKS = 42

/** Whom to pay. `invoice` is a BOLT 11 text that names its amount; `node` is a public key in hex, paid by keysend. */
export type Payee = Readonly<{ kind: 'invoice'; invoice: string }> | Readonly<{ kind: 'node'; nodeId: string }>

/** `id` names the attempt for ever: the same id can never pay twice. Amounts in msat. */
export type PaymentOrder = Readonly<{ id: string; payee: Payee; amountMsat: bigint; feeMaxMsat: bigint }>

export type PayingNode = Readonly<{ manager: ChannelManager; parts: NodeParts; store: NodeStore; now: () => number }>

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

function refusalBefore({ store }: PayingNode, order: PaymentOrder): Refusal | undefined {
  if (pendingCount(store) >= PAYMENTS_IN_FLIGHT_MAX) {
    return { reason: 'rejected_by_rail', detail: `${PAYMENTS_IN_FLIGHT_MAX} payments are in flight, which is the limit` }
  }
  if (order.payee.kind === 'node') return undefined
  const invoice = parseInvoice(order.payee.invoice)
  if (!invoice) return { reason: 'invalid_destination', detail: 'the node cannot read the invoice' }
  const amount = invoice.amount_milli_satoshis()
  if (!(amount instanceof Option_u64Z_Some) || amount.some !== order.amountMsat) {
    return { reason: 'invalid_destination', detail: 'the invoice names another amount' }
  }
  const other = attemptForHash(store, Buffer.from(invoice.payment_hash()).toString('hex'))
  return other && { reason: 'already_used', detail: `attempt ${other.id} pays this invoice and is ${other.state}` }
}

/** The payment hash once LDK carries the payment, or its refusal: then nothing was sent and no event follows. */
function handToLdk({ manager, parts, ...rest }: PayingNode, order: PaymentOrder, paymentId: Uint8Array): string | Refusal {
  const { hash, onion, route } = termsOf(order)
  if (hash) {
    const sent = manager.send_payment(hash, onion, paymentId, route, Retry.constructor_attempts(RETRIES))
    if (sent instanceof Result_NoneRetryableSendFailureZ_Err) return explain({ manager, parts, ...rest }, order, sent.err)
    return Buffer.from(hash).toString('hex')
  }
  const preimage = Option_ThirtyTwoBytesZ.constructor_some(randomBytes(32))
  const sent = manager.send_spontaneous_payment(preimage, onion, paymentId, route, Retry.constructor_attempts(RETRIES))
  if (sent instanceof Result_ThirtyTwoBytesRetryableSendFailureZ_Err) return explain({ manager, parts, ...rest }, order, sent.err)
  invariant(sent instanceof Result_ThirtyTwoBytesRetryableSendFailureZ_OK, 'a result is one of two')
  return Buffer.from(sent.res).toString('hex')
}

/** Finding no route has three causes that the caller treats differently; the route without a fee limit tells them apart. */
function explain(node: PayingNode, order: PaymentOrder, refusal: RetryableSendFailure): Refusal {
  if (refusal !== RetryableSendFailure.LDKRetryableSendFailure_RouteNotFound) {
    return { reason: reasonOfRefusal(refusal), detail: `the node refused: ${RetryableSendFailure[refusal]}` }
  }
  const quote = quotePayment(node, order)
  if (quote.feeMsat !== undefined && quote.feeMsat > order.feeMaxMsat) {
    return { reason: 'fee_above_limit', detail: `the cheapest route costs ${quote.feeMsat} msat, the limit is ${order.feeMaxMsat} msat` }
  }
  if (order.amountMsat > quote.availableMsat) {
    return { reason: 'insufficient_liquidity', detail: `${quote.availableMsat} msat can leave now` }
  }
  return { reason: 'no_route', detail: 'the node finds no route to the payee' }
}

/** `feeMsat` of the cheapest route, undefined when there is none; `availableMsat` that can leave now. Sends nothing. */
export type PaymentQuote = Readonly<{ feeMsat: bigint | undefined; availableMsat: bigint }>

/** Looks for a route without a fee limit. The payee's invoice must be readable. */
export function quotePayment({ manager, parts }: PayingNode, order: Pick<PaymentOrder, 'payee' | 'amountMsat'>): PaymentQuote {
  const channels = manager.list_usable_channels()
  const availableMsat = channels.reduce((sum, channel) => sum + channel.get_next_outbound_htlc_limit_msat(), 0n)
  const { route } = termsOf({ ...order, feeMaxMsat: undefined })
  const found = parts.router.find_route(manager.get_our_node_id(), route, channels, manager.compute_inflight_htlcs())
  return { feeMsat: found instanceof Result_RouteLightningErrorZ_OK ? found.res.get_total_fees() : undefined, availableMsat }
}

type Terms = Readonly<{ hash: Uint8Array | undefined; onion: RecipientOnionFields; route: RouteParameters }>

function termsOf(order: { payee: Payee; amountMsat: bigint; feeMaxMsat: bigint | undefined }): Terms {
  const feeMax = order.feeMaxMsat === undefined ? Option_u64Z.constructor_none() : Option_u64Z.constructor_some(order.feeMaxMsat)
  if (order.payee.kind === 'node') {
    const nodeId = Buffer.from(order.payee.nodeId, 'hex')
    const parameters = PaymentParameters.constructor_for_keysend(nodeId, KEYSEND_FINAL_CLTV_BLOCKS, false)
    const onion = RecipientOnionFields.constructor_spontaneous_empty()
    return { hash: undefined, onion, route: RouteParameters.constructor_new(parameters, order.amountMsat, feeMax) }
  }
  const invoice = parseInvoice(order.payee.invoice)
  invariant(invoice, 'the invoice was readable before')
  const terms = UtilMethods.constructor_payment_parameters_from_invoice(invoice)
  invariant(terms instanceof Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK, 'the invoice names an amount')
  const route = terms.res.get_c()
  route.set_max_total_routing_fee_msat(feeMax)
  return { hash: terms.res.get_a(), onion: terms.res.get_b(), route }
}

function parseInvoice(text: string): Bolt11Invoice | undefined {
  const parsed = Bolt11Invoice.constructor_from_str(text)
  return parsed instanceof Result_Bolt11InvoiceParseOrSemanticErrorZ_OK ? parsed.res : undefined
}
