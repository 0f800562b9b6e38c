import type { Fact } from '../../ports/books.ts'
import { readReceiptFact, toReceiptFact } from './facts.ts'
import { type ChainHead, headOf, type News, updateAfter } from './receiptUpdate.ts'

/** The next entry of a chain as a fact, to be written with what it tells of; none where the chain's head is not known. */
export function updateFacts(head: ChainHead | undefined, at: number, news: News): Fact[] {
  return head ? [toReceiptFact({ type: 'receipt.updated', id: head.receipt, at, data: updateAfter(head, at, news) })] : []
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
