import {
  Bolt11InvoiceDescription,
  type ChannelManager,
  Description,
  Option_ThirtyTwoBytesZ,
  Option_u16Z,
  Option_u32Z,
  Option_u64Z,
  Result_Bolt11InvoiceSignOrCreationErrorZ_OK,
  Result_DescriptionCreationErrorZ_OK,
  Sha256,
} from 'lightningdevkit'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { BITCOIN_MSAT_MAX } from '../../../../gateway/money/bolt11Amount.ts'

export type NewInvoice = Readonly<{ invoice: string; paymentHash: string }>

type Hold = Readonly<{ paymentHash: string; finalCltvBlocks: number }>

const EXPIRY_S_MAX = 30 * 86_400

/**
 * An invoice for `amountMsat`, good until `expiresAt` (ms). Nothing is stored: the payment secret in it is an HMAC, made by LDK, over amount
 * and expiry, so a payment of less is refused without a record.
 */
export function createInvoice(
  manager: ChannelManager,
  wanted: {
    amountMsat: bigint
    description: string
    descriptionHash?: string | undefined
    expiresAt: number
    now: number
    /** For a payment that waits: the hash of a preimage that LDK does not know, and the blocks the payment must live. */
    hold?: Hold
  },
): NewInvoice {
  // LDK would not make it, and what is no refusal here ends the node.
  if (wanted.amountMsat > BITCOIN_MSAT_MAX) throw new GatewayError('invalid_amount', 'The amount is more bitcoin than there will be')
  const description = describe(wanted)
  // LDK dates an invoice by the newest block, not by the clock, so the first draft tells from when the expiry counts.
  const draft = draftInvoice(manager, wanted.amountMsat, description, 3_600, wanted.hold)
  const seconds = Math.ceil(wanted.expiresAt / 1000) - draftedAtS(draft)
  if (wanted.expiresAt <= wanted.now || seconds > EXPIRY_S_MAX)
    throw new GatewayError('invalid_request', 'An invoice expires within 30 days from now')
  const invoice = draftInvoice(manager, wanted.amountMsat, description, seconds, wanted.hold)
  return { invoice: invoice.to_str(), paymentHash: Buffer.from(invoice.payment_hash()).toString('hex') }
}

/** The text itself, or the hash that stands for it: BOLT 11 wants exactly one of the two. */
function describe(wanted: { description: string; descriptionHash?: string | undefined }): Bolt11InvoiceDescription {
  if (wanted.descriptionHash !== undefined) {
    invariant(/^[0-9a-f]{64}$/.test(wanted.descriptionHash), 'a description hash is a SHA-256')
    return Bolt11InvoiceDescription.constructor_hash(Sha256.constructor_from_bytes(Buffer.from(wanted.descriptionHash, 'hex')))
  }
  const description = Description.constructor_new(wanted.description)
  if (!(description instanceof Result_DescriptionCreationErrorZ_OK)) {
    throw new GatewayError('invalid_request', 'The description is longer than a BOLT 11 invoice allows (639 bytes)')
  }
  return Bolt11InvoiceDescription.constructor_direct(description.res)
}

function draftInvoice(manager: ChannelManager, amountMsat: bigint, description: Bolt11InvoiceDescription, expiryS: number, hold?: Hold) {
  const made = manager.create_bolt11_invoice(
    Option_u64Z.constructor_some(amountMsat),
    description,
    Option_u32Z.constructor_some(expiryS),
    hold ? Option_u16Z.constructor_some(hold.finalCltvBlocks) : Option_u16Z.constructor_none(),
    hold ? Option_ThirtyTwoBytesZ.constructor_some(Buffer.from(hold.paymentHash, 'hex')) : Option_ThirtyTwoBytesZ.constructor_none(),
  )
  invariant(made instanceof Result_Bolt11InvoiceSignOrCreationErrorZ_OK, 'LDK makes an invoice for a valid amount and description')
  return made.res
}

function draftedAtS(invoice: { duration_since_epoch(): bigint }): number {
  // A time in seconds, far below 2^53.
  return Number(invoice.duration_since_epoch())
}
