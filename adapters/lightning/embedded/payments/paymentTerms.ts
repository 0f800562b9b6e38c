import {
  Bolt11Invoice,
  type ChannelManager,
  Option_u64Z,
  Option_u64Z_Some,
  PaymentParameters,
  RecipientOnionFields,
  Result_Bolt11InvoiceParseOrSemanticErrorZ_OK,
  Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK,
  RouteParameters,
  UtilMethods,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { withRecords } from './onionRecords.ts'

/** Blocks a keysend's last HTLC may live: BOLT 11's default for invoices is 18; LDK's own receivers want at least 24. */
const KEYSEND_FINAL_CLTV_BLOCKS = 42

/**
 * In how many parts a payment may go that found no way in fewer, and how much of a channel a part prefers to take at most: a sixteenth. LDK's own are 10 and a
 * quarter.
 */
const MANY_PATHS = 40
const SMALL_PARTS = 4

/** Whom to pay. `invoice` is a BOLT 11 text; `offer` a BOLT 12 one; `node` is a public key in hex, paid by keysend. */
export type Payee =
  | Readonly<{ kind: 'invoice'; invoice: string }>
  | Readonly<{ kind: 'offer'; offer: string }>
  | Readonly<{ kind: 'node'; nodeId: string; records?: readonly TlvRecord[] }>

/** `id` names the attempt for ever: the same id can never pay twice. Amounts in msat. `moreParts`: in more and smaller ones than LDK makes of itself. */
export type PaymentOrder = Readonly<{ id: string; payee: Payee; amountMsat: bigint; feeMaxMsat: bigint; moreParts?: boolean }>

export type PayingNode = Readonly<{
  manager: ChannelManager
  parts: NodeParts
  store: NodeStore
  now: () => number
  dustExposureMsatMax: bigint
  /** For how many blocks a payment of this amount may be locked, where LDK's own limit is too long. */
  lockBlocksMax: ((amountMsat: bigint) => number) | undefined
}>

/** What LDK needs of an order. `hash` is absent for a keysend, whose preimage is the payer's. */
type Terms = Readonly<{ hash: Uint8Array | undefined; onion: RecipientOnionFields; route: RouteParameters }>

type BoltOrder = Readonly<{
  payee: Exclude<Payee, { kind: 'offer' }>
  amountMsat: bigint
  feeMaxMsat: bigint | undefined
  moreParts?: boolean
}>

/** The fee limit is always set when there is one to set. The payee's invoice must be readable. */
export function termsOf({ lockBlocksMax }: Pick<PayingNode, 'lockBlocksMax'>, order: BoltOrder): Terms {
  const feeMax = order.feeMaxMsat === undefined ? Option_u64Z.constructor_none() : Option_u64Z.constructor_some(order.feeMaxMsat)
  if (order.payee.kind === 'node') {
    const nodeId = Buffer.from(order.payee.nodeId, 'hex')
    const parameters = PaymentParameters.constructor_for_keysend(nodeId, KEYSEND_FINAL_CLTV_BLOCKS, false)
    if (lockBlocksMax) parameters.set_max_total_cltv_expiry_delta(lockBlocksMax(order.amountMsat))
    const onion = withRecords(RecipientOnionFields.constructor_spontaneous_empty(), order.payee.records ?? [])
    return { hash: undefined, onion, route: RouteParameters.constructor_new(parameters, order.amountMsat, feeMax) }
  }
  const invoice = parseInvoice(order.payee.invoice)
  invariant(invoice, 'the invoice was readable before')
  const open = !(invoice.amount_milli_satoshis() instanceof Option_u64Z_Some)
  const terms = open
    ? UtilMethods.constructor_payment_parameters_from_variable_amount_invoice(invoice, order.amountMsat)
    : UtilMethods.constructor_payment_parameters_from_invoice(invoice)
  invariant(terms instanceof Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK, 'LDK is asked as the invoice is')
  const route = terms.res.get_c()
  route.set_max_total_routing_fee_msat(feeMax)
  // Getters return copies, so the part is set back.
  const parameters = route.get_payment_params()
  if (lockBlocksMax) parameters.set_max_total_cltv_expiry_delta(lockBlocksMax(order.amountMsat))
  if (order.moreParts) {
    parameters.set_max_path_count(MANY_PATHS)
    parameters.set_max_channel_saturation_power_of_half(SMALL_PARTS)
  }
  route.set_payment_params(parameters)
  return { hash: terms.res.get_a(), onion: terms.res.get_b(), route }
}

export function parseInvoice(text: string): Bolt11Invoice | undefined {
  const parsed = Bolt11Invoice.constructor_from_str(text)
  return parsed instanceof Result_Bolt11InvoiceParseOrSemanticErrorZ_OK ? parsed.res : undefined
}
