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
} from 'lightningdevkit'
import type { NewInvoice } from '../../adapters/lightning/embedded/payments/offers.ts'

/** An invoice whose amount the payer chooses, good for BOLT 11's own hour. The gateway makes none such, but pays them. */
export function openInvoice(manager: ChannelManager, text: string): NewInvoice {
  const description = Description.constructor_new(text)
  if (!(description instanceof Result_DescriptionCreationErrorZ_OK)) throw new Error('the description is too long')
  const made = manager.create_bolt11_invoice(
    Option_u64Z.constructor_none(),
    Bolt11InvoiceDescription.constructor_direct(description.res),
    Option_u32Z.constructor_none(),
    Option_u16Z.constructor_none(),
    Option_ThirtyTwoBytesZ.constructor_none(),
  )
  if (!(made instanceof Result_Bolt11InvoiceSignOrCreationErrorZ_OK)) throw new Error('LDK made no invoice')
  return { invoice: made.res.to_str(), paymentHash: Buffer.from(made.res.payment_hash()).toString('hex') }
}
