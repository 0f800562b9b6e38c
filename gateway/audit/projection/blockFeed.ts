import { invariant } from '../../errors/invariant.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'

/** Newest blocks that are kept for the followers, so that who keeps up never reads the journal back. */
const KEPT_BLOCKS_MAX = 2048
const KEPT_BYTES_MAX = 32 * 1024 * 1024
/** Most that one page holds; a page has at least one block, however large. */
const PAGE_BLOCKS_MAX = 256
const PAGE_BYTES_MAX = 4 * 1024 * 1024

/** Where the journal stands as its followers see it: durable blocks only. */
type FeedHead = Readonly<{ seq: number; at: bigint }>

/** The blocks of a journal for those who follow it, a page at a time. */
export type BlockFeed = Readonly<{
  /** The journal to write to: each block is offered to the followers as soon as it is durable. */
  journal: JournalStore
  /** Blocks after `seq`, in order; empty at the end. */
  after(seq: number): Promise<readonly Block[]>
  head(): FeedHead
  /** Called after each block. */
  onBlock(listener: (head: FeedHead) => void): void
  /** The blocks after `seq` while they are kept; undefined when they go further back than that. */
  keptAfter(seq: number): readonly Block[] | undefined
}>

/** Follows what is appended to `store` from its present head on. Costs the writer one copy of the block; the limits bound the memory. */
export async function openBlockFeed(store: JournalStore, options: { keptBlocksMax?: number } = {}): Promise<BlockFeed> {
  const { keptBlocksMax = KEPT_BLOCKS_MAX } = options
  const listeners: ((head: FeedHead) => void)[] = []
  const kept: Block[] = []
  let keptBytes = 0
  let head = await headOf(store)

  function keep(block: Block): void {
    // A copy, because the writer may use its buffers again. The slice of a Buffer would be a view.
    kept.push({ ...block, hash: new Uint8Array(block.hash), data: new Uint8Array(block.data) })
    keptBytes += block.data.byteLength
    while (kept.length > keptBlocksMax || (kept.length > 1 && keptBytes > KEPT_BYTES_MAX)) keptBytes -= kept.shift()!.data.byteLength
    head = { seq: block.seq, at: block.at }
  }

  function keptAfter(seq: number): readonly Block[] | undefined {
    if (seq >= head.seq) return []
    const first = kept[0]
    return first && first.seq <= seq + 1 ? kept.slice(seq + 1 - first.seq) : undefined
  }

  async function readBack(seq: number): Promise<Block[]> {
    const page: Block[] = []
    let bytes = 0
    for await (const block of store.read(seq)) {
      page.push(block)
      bytes += block.data.byteLength
      if (page.length >= PAGE_BLOCKS_MAX || bytes >= PAGE_BYTES_MAX) break
    }
    return page
  }

  return {
    journal: {
      ...store,
      async append(block) {
        await store.append(block)
        invariant(block.seq === head.seq + 1, `block ${block.seq} follows block ${head.seq}`)
        keep(block)
        for (const listener of listeners) listener(head)
      },
    },
    async after(seq) {
      const blocks = keptAfter(seq)
      return blocks ? firstPage(blocks) : readBack(seq)
    },
    head: () => head,
    onBlock(listener) {
      listeners.push(listener)
    },
    keptAfter,
  }
}

async function headOf(store: JournalStore): Promise<FeedHead> {
  const { seq } = await store.head()
  if (seq === 0) return { seq, at: 0n }
  for await (const { at } of store.read(seq - 1)) return { seq, at }
  throw new Error(`the journal says its head is block ${seq}, but has no such block`)
}

function firstPage(blocks: readonly Block[]): readonly Block[] {
  let bytes = 0
  let count = 0
  while (count < blocks.length && count < PAGE_BLOCKS_MAX && (count === 0 || bytes < PAGE_BYTES_MAX)) {
    bytes += blocks[count]!.data.byteLength
    count += 1
  }
  return blocks.slice(0, count)
}
