import { type AuthenticatedLnd, payViaPaymentDetails, payViaPaymentRequest } from 'lightning'
import { faultOf, LndError } from '../node/lndCall.ts'
import type { AttemptRow } from './attempts.ts'
import type { Payee } from './invoice.ts'
import { lockLimited } from './lockLimited.ts'

const PATHFINDING_TIMEOUT_MS = 20_000
/** The record that carries a payment's own preimage (keysend, as every node reads it). */
const KEYSEND_PREIMAGE_TYPE = '5482373484'

/**
 * What LND is asked to pay. The limit on the fee and the number of parts are named by every caller: without them the client sends with no limit, and in one
 * part. `paymentHash` is what a payment without an invoice was promised to be known by.
 */
export type PayOrder = Readonly<{
  id: string
  payee: Payee
  amountMsat: bigint
  feeMaxMsat: bigint
  partsMax: number
  paymentHash?: string
}>

/** What LND says of a payment that it made. */
type Paid = Readonly<{ preimage: string; feeMsat: bigint }>

/**
 * The pay call itself. It ends when LND says so, and perhaps never: nobody waits for it without a deadline. Throws `LndError`. `outgoingChannels` are
 * the channels it may leave by; all when absent.
 */
export async function callPay(
  lnd: AuthenticatedLnd,
  order: PayOrder,
  o: { attempt: AttemptRow; outgoingChannels?: readonly string[] },
): Promise<Paid> {
  const terms = {
    lnd: lockLimited(lnd, order.amountMsat),
    max_fee_mtokens: order.feeMaxMsat.toString(),
    pathfinding_timeout: PATHFINDING_TIMEOUT_MS,
    // The plural: `outgoing_channel` is ignored without a word.
    ...(o.outgoingChannels ? { outgoing_channels: [...o.outgoingChannels] } : {}),
  }
  try {
    const paid =
      order.payee.kind === 'invoice'
        ? await payViaPaymentRequest({ ...terms, ...ofInvoice(order, order.payee) })
        : await payViaPaymentDetails({ ...terms, ...keysend(order, o.attempt, order.payee) })
    // `mtokens` is the amount and the fee together: the fee has a field of its own.
    return { preimage: paid.secret, feeMsat: BigInt(paid.fee_mtokens) }
  } catch (error) {
    throw new LndError(faultOf(error))
  }
}

/** LND wants the amount beside an invoice that leaves it open, and refuses it beside one that names it. */
function ofInvoice(order: PayOrder, { text, invoice }: Extract<Payee, { kind: 'invoice' }>) {
  const open = invoice.amountMsat === undefined ? { mtokens: order.amountMsat.toString() } : {}
  return { request: text, max_paths: order.partsMax, ...open }
}

/** A payment without an invoice has no payment secret to gather parts under, so it is one part. */
function keysend(order: PayOrder, attempt: AttemptRow, { nodeId, records }: Extract<Payee, { kind: 'node' }>) {
  const messages = [{ type: KEYSEND_PREIMAGE_TYPE, value: attempt.preimage ?? '' }, ...records]
  return { destination: nodeId, id: attempt.paymentHash, mtokens: order.amountMsat.toString(), messages, max_paths: 1 }
}
