import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import type { Receipt } from './receipt.ts'
import type { ReceiptUpdate } from './receiptUpdate.ts'

/**
 * A receipt as it was issued and what was said of it since, without signatures. Every room that takes money writes them, so they are declared where they are
 * signed.
 */
type ReceiptFact = FactOf<'receipt.issued', ReceiptId, Receipt> | FactOf<'receipt.updated', ReceiptId, ReceiptUpdate>

const kinds = factKinds<ReceiptFact>({ 'receipt.issued': true, 'receipt.updated': true })

/** The fact as the journal takes it. */
export const toReceiptFact = kinds.write
/** The fact as it was written; undefined for another. */
export const readReceiptFact = kinds.read
