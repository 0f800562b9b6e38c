import { invariant } from '../../errors/invariant.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'

/** A journal that forgets everything with the process: for simulated worlds and tests. Opened again over the same blocks, it goes on with them. */
export function memoryJournal(blocks: Block[] = []): JournalStore {
  return {
    async append(block) {
      invariant(block.seq === blocks.length + 1, `block ${block.seq} does not follow the journal's head ${blocks.length}`)
      blocks.push(block)
    },
    async *read(after) {
      for (let seq = after + 1; seq <= blocks.length; seq++) yield blocks[seq - 1]!
    },
    async head() {
      const last = blocks.at(-1)
      return last ? { seq: last.seq, hash: last.hash } : { seq: 0, hash: new Uint8Array(32) }
    },
    async close() {},
  }
}
