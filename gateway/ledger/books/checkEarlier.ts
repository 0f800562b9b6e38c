import { setTimeout as pause } from 'node:timers/promises'
import type { Block, JournalHead, JournalStore } from '../../ports/journal.ts'
import { checkLink, GENESIS } from './replayJournal.ts'

/** Blocks, and bytes after which there are no more of them, that are hashed in one go: 2 ms at most of a thread that answers, but for larger blocks. */
const BLOCKS_AT_ONCE = 128
const BYTES_AT_ONCE = 512 * 1024
/** The rest of the time is the payments'. */
const PAUSE_MS = 20

export type EarlierCheck = Readonly<{
  /** Resolves when it has come to its end, whatever that is. */
  ended: Promise<void>
  close(): Promise<void>
}>

/**
 * Checks the blocks that a start from a snapshot does not read, beside the work: that none is missing, and that each hash covers its block and the one
 * before it, up to the block of the snapshot. `broken` is told the first that is wrong; it is told nothing when all is well, or `close` came first.
 */
export function checkEarlier(journal: Pick<JournalStore, 'read'>, restored: JournalHead, broken: (error: unknown) => void): EarlierCheck {
  const closing = new AbortController()
  const { signal } = closing

  async function check(): Promise<void> {
    let head: JournalHead = GENESIS
    while (head.seq < restored.seq) {
      await pause(PAUSE_MS, undefined, { signal, ref: false })
      let bytes = 0
      for (let n = 0; n < BLOCKS_AT_ONCE && bytes < BYTES_AT_ONCE && head.seq < restored.seq; n++) {
        if (signal.aborted) return
        const block = await blockAfter(head.seq)
        checkLink(head, block)
        head = block
        bytes += block.data.byteLength
      }
    }
    const ends = Buffer.compare(head.hash, restored.hash) === 0
    if (!ends) throw new Error(`the journal's block ${head.seq} is not the one that the snapshot was taken after`)
  }

  /** One at a time, so that a journal of large blocks is never read in large pages beside the work. */
  async function blockAfter(seq: number): Promise<Block> {
    for await (const block of journal.read(seq)) return block
    throw new Error(`the journal ends before block ${seq + 1}, which the snapshot was taken after`)
  }

  const ended = check().catch((error: unknown) => {
    if (!signal.aborted) broken(error)
  })
  return {
    ended,
    async close() {
      closing.abort()
      await ended
    },
  }
}
