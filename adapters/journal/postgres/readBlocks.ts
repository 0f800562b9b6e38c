import type { Block } from '../../../gateway/ports/journal.ts'
import { retry } from './retry.ts'
import type { Session } from './session.ts'
import { blockRow } from './wire.ts'

/** Bytes of data that one page aims at, so that a long journal is never in memory at once. */
const PAGE_BYTES = 4 * 1024 * 1024
const PAGE_ROWS_MAX = 1024
/** How long one page is tried for when the server goes away. */
const PAGE_DEADLINE_MS = 20_000

/** Blocks after `after` up to the last that stands, in order. Throws on a gap. */
export async function* readBlocks(session: Session, after: number): AsyncGenerator<Block> {
  // The first page is one row, because often one block is wanted; later ones are as long as the last one's size suggests.
  for (let from = after, size = 1; ; ) {
    const blocks = await readPage(session, from, size)
    let bytes = 0
    for (const block of blocks) {
      if (block.seq !== from + 1) throw new Error(`the journal has a gap: block ${from + 1} is missing, the next one is ${block.seq}`)
      from = block.seq
      bytes += block.data.byteLength
      yield block
    }
    if (blocks.length < size) return
    size = Math.min(PAGE_ROWS_MAX, 1 + Math.floor(PAGE_BYTES / (1 + bytes / blocks.length)))
  }
}

async function readPage(session: Session, after: number, limit: number): Promise<Block[]> {
  const page = {
    name: 'read_blocks',
    text: 'SELECT seq, at, n, hash, data FROM switchyard.journal WHERE seq > $1 ORDER BY seq LIMIT $2',
    values: [after, limit],
  }
  const { rows } = await retry(PAGE_DEADLINE_MS, () => session.run(page))
  return rows.map((row) => {
    const { n, ...rest } = blockRow.parse(row)
    return { ...rest, count: n }
  })
}
