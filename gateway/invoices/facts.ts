import type { UnitsData } from '../payins/intent/facts.ts'
import type { PayeeRef } from '../payins/intent/intent.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { IntentId, InvoiceId } from '../ports/ids.ts'

/** Of the code list UNCL 5305, as far as it is issued here: standard, zero-rated, exempt, reverse charge, outside the scope of VAT. */
export type TaxCategory = 'S' | 'Z' | 'E' | 'AE' | 'O'

/** `country` is two letters (ISO 3166-1). */
type AddressData = Readonly<{ street?: string; city?: string; postalCode?: string; country: string }>
export type TraderData = Readonly<{ name: string; address: AddressData; vatId?: string }>
/** `quantity` with up to four places, `unitPrice` in USD without tax, `rate` in per cent with up to two places: decimal strings, as they were sent. */
export type LineData = Readonly<{
  description: string
  quantity: string
  unitPrice: string
  tax: Readonly<{ category: TaxCategory; rate: string }>
}>

/** All that its documents say. Days are as `2026-11-24`, in UTC. `number` counts the invoices of the payee from 1. */
export type InvoiceData = Readonly<{
  intent: IntentId
  payee: PayeeRef
  number: number
  amount: UnitsData
  seller: TraderData
  buyer: TraderData
  lines: readonly LineData[]
  /** Why lines of category E bear no tax. */
  exemption?: string
  issuedOn: string
  dueOn: string
  /** The intent was paid when it was issued, so nothing is left to pay. */
  paid: boolean
  metadata: Readonly<Record<string, string>>
  by: string
}>

/** What becomes of it is its intent's to say. */
export type InvoiceFact = FactOf<'invoice.issued', InvoiceId, InvoiceData>

const kinds = factKinds<InvoiceFact>({ 'invoice.issued': true })

export const toInvoiceFact = kinds.write
export const readInvoiceFact = kinds.read
