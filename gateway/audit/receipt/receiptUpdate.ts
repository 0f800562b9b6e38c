import { hash } from 'node:crypto'
import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import { canonicalJson } from './canonicalJson.ts'
import { readReceiptFact, toReceiptFact } from './facts.ts'
import type { Receipt } from './receipt.ts'

/** What has become of a payment: where its money is, why, and what proves it. */
type News = Readonly<{
  state: 'held' | 'settled' | 'failed' | 'refund_due' | 'refunded'
  reason?: string
  transaction?: Hex
  block?: string
  entry?: EntryId
}>

/**
 * A later word on a payment, signed as its receipt is. The receipt is entry 1 of a chain; `n` counts on, and `before` is the SHA-256 in hex of the entry
 * before it in canonical JSON, so that none can be left out or put in.
 */
export type ReceiptUpdate = Readonly<{ receipt: ReceiptId; n: number; at: string; before: string }> & News

/** The last entry of a receipt's chain: all that the next one needs to know. */
export type ChainHead = Readonly<{ receipt: ReceiptId; n: number; hash: string }>

export function headOf(entry: Receipt | ReceiptUpdate): ChainHead {
  const before = hash('sha256', canonicalJson(entry))
  return 'n' in entry ? { receipt: entry.receipt, n: entry.n, hash: before } : { receipt: entry.id, n: 1, hash: before }
}

/** The next entry as a fact, to be written with what it tells of; none where the chain's head is not known. `at` in ms. */
export function updateFacts(head: ChainHead | undefined, at: number, news: News): Fact[] {
  if (!head) return []
  const data: ReceiptUpdate = { receipt: head.receipt, n: head.n + 1, at: new Date(at).toISOString(), before: head.hash, ...news }
  return [toReceiptFact({ type: 'receipt.updated', id: head.receipt, at, data })]
}

/** The last entry among these facts of the chain of this payment: an intent, or a request by its receipt. */
export function headIn(facts: readonly Fact[], payment: string): ChainHead | undefined {
  const receipts = new Set([payment])
  let head: ChainHead | undefined
  for (const fact of facts) {
    const known = readReceiptFact(fact)
    if (known?.type === 'receipt.issued' && known.data.payment === payment) receipts.add(known.id)
    if (known && receipts.has(known.id)) head = headOf(known.data)
  }
  return head
}
