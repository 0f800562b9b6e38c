import type { Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import type { PartyId } from '../../ports/ids.ts'

/** What an invoice was made for: who asked and what the payer said, in words for the payee. */
export type InvoicePurpose = Readonly<{ kind: 'address' | 'app'; of: string; description: string; comment?: string; payerData?: Json }>

/** An invoice whose payment is credited to a party, in bitcoin, as it arrives. Named by its payment hash. */
export type PartyInvoice = Readonly<{
  paymentHash: string
  party: PartyId
  amount: Money
  invoice: string
  purpose: InvoicePurpose
  createdAt: number
  expiresAt: number
  paid: Readonly<{ at: number; amount: Money; preimage: string | undefined }> | undefined
}>
