import type { Projector } from '../../gateway/api/http/context.ts'
import type { Receipt } from '../../gateway/audit/receipt/receipt.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { answerIn } from '../../gateway/payins/claim/answerIn.ts'
import type { PlacedFact } from '../../gateway/payins/claim/findRequest.ts'
import type { Books, Fact } from '../../gateway/ports/books.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'

/** How long a read waits until the read model shows what is durable now. */
const READ_WAIT_MS = 5_000
/** Facts that are read of one request: there are never more than a handful. */
const FACTS_MAX = 100

/** What memory does not keep, read back. `projector` exists once the books have started. */
export function journalReads(o: { journal: Pick<JournalStore, 'read'>; books: Pick<Books, 'head'>; projector: () => Projector }) {
  /** Throws `reads_behind`. */
  async function reads() {
    await o.projector().readAfter(o.books.head().seq, READ_WAIT_MS)
    return o.projector().reads
  }
  return {
    /** The facts of block `seq`. */
    factsAt: (seq: number) => factsAt(o.journal, seq),
    /** What was said of a subject, in order, without the bodies of answers. */
    async factsOf(subject: string): Promise<readonly PlacedFact[]> {
      // As the journal holds it: the data of a fact is an object.
      return (await reads()).facts(subject, FACTS_MAX).map((fact) => ({ ...fact, data: JSON.parse(fact.data) as Fact['data'] }))
    },
    /** A receipt as it was issued, without its signature. */
    async receipt(id: string): Promise<Receipt | undefined> {
      const issued = (await reads()).receipt(id)
      return issued && (JSON.parse(issued.data) as Receipt) // As it was issued by the same signer.
    },
    /** The answer that was given to a request, from the block in which it became durable. */
    answer: async (seq: number, receipt: string) => answerIn(await factsAt(o.journal, seq), receipt),
  }
}
