import type { Json } from '../../ports/books.ts'
import { canonicalJson } from '../receipt/canonicalJson.ts'
import { leafHash } from './merkleTree.ts'

/**
 * The leaf of a payment: its receipt as canonical JSON, the very bytes that the receipt's signature covers. So whoever holds a receipt can compute
 * its leaf, and nothing of the receipt can be changed without another leaf.
 */
export function receiptLeafHash(receipt: Json): Uint8Array {
  return leafHash(canonicalJson(receipt))
}
