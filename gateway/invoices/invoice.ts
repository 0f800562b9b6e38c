import type { InvoiceId } from '../ports/ids.ts'
import type { InvoiceData } from './facts.ts'

/** As it was issued: nothing of it ever changes. */
export type Invoice = Readonly<{ id: InvoiceId; data: InvoiceData; issuedAt: number }>

/** As its intent and the payment of it stand. `void`: the intent ended unpaid. */
export type InvoiceStatus = 'open' | 'paid' | 'refunded' | 'void'

/** As documents say it. */
export function numberText({ number }: Pick<InvoiceData, 'number'>): string {
  return `INV-${`${number}`.padStart(6, '0')}`
}
