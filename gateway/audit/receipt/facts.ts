import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import type { Receipt } from './receipt.ts'

/** A receipt as it was issued, without its signature. Every room that takes money writes it, so it is declared where receipts are signed. */
type ReceiptFact = FactOf<'receipt.issued', ReceiptId, Receipt>

const kinds = factKinds<ReceiptFact>({ 'receipt.issued': true })

/** The fact as the journal takes it. */
export const toReceiptFact = kinds.write
/** The fact as it was written; undefined for another. */
export const readReceiptFact = kinds.read
