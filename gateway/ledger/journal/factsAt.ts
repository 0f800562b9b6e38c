import type { Fact } from '../../ports/books.ts'
import type { JournalStore } from '../../ports/journal.ts'
import { decodeBlock } from './blockData.ts'

/** The facts of one block, read back from the journal: what memory does not keep, such as the body of an answer. Empty when there is no such block. */
export async function factsAt(journal: Pick<JournalStore, 'read'>, seq: number): Promise<readonly Fact[]> {
  for await (const block of journal.read(seq - 1)) {
    if (block.seq !== seq) break
    return decodeBlock(block.data).submissions.flatMap((submission) => submission.facts ?? [])
  }
  return []
}
