import type { Projector } from '../../gateway/audit/projector.ts'
import type { Receipt } from '../../gateway/audit/receipt/receipt.ts'
import { headIn } from '../../gateway/audit/receipt/receiptChain.ts'
import { type ChainHead, headOf, type ReceiptUpdate } from '../../gateway/audit/receipt/receiptUpdate.ts'
import type { LedgerFace } from '../../gateway/ledger/openLedger.ts'
import { answerIn } from '../../gateway/payins/claim/answerIn.ts'
import type { PlacedFact } from '../../gateway/payins/claim/findRequest.ts'
import type { Books, Fact } from '../../gateway/ports/books.ts'

/** How long a read waits until the read model shows what is durable now. */
const READ_WAIT_MS = 5_000
/**
 * Facts that are read of one payment: mostly a handful. Of one that goes back in all its parts (`PARTS_MAX` of refunds), each tried as often as may be, there
 * are about 2,000, and what is next follows from the last of them.
 */
const FACTS_MAX = 4_000

/** Of a chain that was written before its numbers were claimed, the highest number may not be the last one: it is among the last so many. */
const NEWEST_MAX = 8

/** What memory does not keep, read back once the projector has started. */
export function journalReads(o: { books: Pick<Books, 'head'>; projector: Projector; factsAt: LedgerFace['factsAt'] }) {
  /** Throws `reads_behind`. */
  async function reads() {
    await o.projector.readAfter(o.books.head().seq, READ_WAIT_MS)
    return o.projector.reads
  }
  /** A receipt as it was issued, without its signature. */
  async function receiptOf(id: string): Promise<Receipt | undefined> {
    const issued = (await reads()).receipt(id)
    return issued && (JSON.parse(issued.data) as Receipt) // As it was issued by the same signer.
  }

  return {
    /** What was said of a subject, in order, without the bodies of answers. */
    async factsOf(subject: string): Promise<readonly PlacedFact[]> {
      // As the journal holds it: the data of a fact is an object.
      return (await reads()).facts(subject, FACTS_MAX).map((fact) => ({ ...fact, data: JSON.parse(fact.data) as Fact['data'] }))
    },
    receiptOf,
    /** Where a receipt's chain stands, by its newest entries: however much was said of its payment. */
    async headOf(id: string): Promise<ChainHead | undefined> {
      const newest = (await reads()).newestFacts(id, 'receipt.updated', NEWEST_MAX).toReversed()
      const issued = newest.length === 0 ? await receiptOf(id) : undefined
      if (issued) return headOf(issued)
      return headIn(
        newest.map(({ type, at, data }) => ({ type, id, at: Number(at), data: JSON.parse(data) as Fact['data'] })), // not money: a time. As it was written.
        id,
      )
    },
    /** What was said of its payment since, in order. */
    async updates(id: string): Promise<readonly ReceiptUpdate[]> {
      const said = (await reads()).facts(id, FACTS_MAX).filter(({ type }) => type === 'receipt.updated')
      return said.map(({ data }) => JSON.parse(data) as ReceiptUpdate) // As it was written when it was signed.
    },
    /** The answer that was given to a request, from the block in which it became durable. */
    answerOf: async (seq: number, receipt: string) => answerIn(await o.factsAt(seq), receipt),
  }
}
