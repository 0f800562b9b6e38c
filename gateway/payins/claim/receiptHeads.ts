import type { readReceiptFact } from '../../audit/receipt/facts.ts'
import { type ChainHead, headOf } from '../../audit/receipt/receiptUpdate.ts'
import { isFinished, type PaidRequest } from './paidRequest.ts'

/** Where the chains of receipts stand whose payments may still change: of authorizations, which are settled or let go later. */
export function createReceiptHeads() {
  const heads = new Map<string, ChainHead>()
  return {
    tables: { heads },
    of: (receipt: string): ChainHead | undefined => heads.get(receipt),
    note({ id, data }: NonNullable<ReturnType<typeof readReceiptFact>>, request: PaidRequest | undefined): void {
      if (request && request.collection !== 'none' && !isFinished(request)) heads.set(id, headOf(data))
    },
    end: (receipt: string): boolean => heads.delete(receipt),
  }
}
