import { type BlockContent, decodeBlock } from '../../ledger/journal/blockData.ts'
import { blockHash } from '../../ledger/journal/blockHash.ts'
import type { Asset } from '../../money/asset.ts'
import type { Block } from '../../ports/journal.ts'
import type { BlockRows, EventSubject, ReadCursor, ReadModelWriter } from '../../ports/readModel.ts'
import { loadState, takeTouched } from './ledgerState.ts'
import { projectBlock } from './projectBlock.ts'

/** A block that was read back and belongs to the chain. */
export type CheckedBlock = Readonly<{ block: Block; content: BlockContent }>

/** One who is built from the journal's blocks and remembers how far it came. */
export type Follower = Readonly<{
  cursor: () => ReadCursor
  /** Takes the blocks that follow its cursor, in order, all or nothing. */
  take: (blocks: readonly CheckedBlock[]) => void
}>

/** What is known of what came before: subjects as they were noted, assets that an account is in. */
type Behind = Readonly<{ subject: (id: string) => EventSubject | undefined; asset: (id: string) => Asset | undefined }>

/** What the facts of a block mean to others, by what was noted of their subjects before it. */
export type TellBlock = (seq: number, submissions: BlockContent['submissions'], behind: Behind) => Pick<BlockRows, 'events' | 'subjects'>

/** What the facts of a block change in lists, once its events are told. */
export type ListBlock = (submissions: BlockContent['submissions'], behind: Behind) => BlockRows['listed']

/** The read model as a follower of the journal. */
export function readModelFollower(
  writer: ReadModelWriter,
  { tellBlock, listBlock }: Readonly<{ tellBlock: TellBlock; listBlock: ListBlock }>,
): Follower {
  const state = loadState(writer)
  return {
    cursor: () => writer.cursor(),
    take(blocks) {
      const notes = new Map<string, EventSubject>()
      const behind = { subject: (id: string) => notes.get(id) ?? writer.eventSubject(id), asset: (id: string) => state.assets.get(id) }
      const rows = blocks.map(({ block, content }) => {
        const ledger = projectBlock(state, block.seq, content)
        const told = tellBlock(block.seq, content.submissions, behind)
        for (const subject of told.subjects) notes.set(subject.id, subject)
        return { ...ledger, events: told.events, subjects: told.subjects, listed: listBlock(content.submissions, behind) }
      })
      writer.apply(rows, takeTouched(state), cursorAt(blocks.at(-1)!.block))
    },
  }
}

export function cursorAt({ seq, hash, at }: Block): ReadCursor {
  return { seq, hash, at }
}

/**
 * Brings the followers as far as the journal goes, one page after the other, and checks on the way that each block is the one that was written
 * behind the one before it. `pages` gives blocks after a seq, none at the end; `onPage` is told how far all have come and may take its time.
 */
export async function follow(
  followers: readonly Follower[],
  pages: (after: number) => Promise<readonly Block[]>,
  onPage: (cursor: ReadCursor) => Promise<void> | void,
): Promise<void> {
  for (;;) {
    const from = hindmost(followers)
    const page = await pages(from.seq)
    if (page.length === 0) return
    const checked = checkPage(from, page)
    for (const follower of followers) {
      const { seq } = follower.cursor()
      const news = checked.filter(({ block }) => block.seq > seq)
      if (news.length > 0) follower.take(news)
    }
    await onPage(hindmost(followers))
  }
}

/** The cursor of the follower that has come least far. */
function hindmost(followers: readonly Follower[]): ReadCursor {
  return followers.map((follower) => follower.cursor()).reduce((a, b) => (b.seq < a.seq ? b : a))
}

/** Each block with its content, once its hash is found to cover it and the block before it. */
export function checkPage(from: ReadCursor, page: readonly Block[]): CheckedBlock[] {
  let { seq, hash } = from
  return page.map((block) => {
    if (block.seq !== seq + 1) throw new Error(`the journal has a gap: block ${seq + 1} is missing, the next one is ${block.seq}`)
    if (Buffer.compare(blockHash(hash, block), block.hash) !== 0) {
      throw new Error(
        `the journal's hash chain is broken at block ${block.seq}: it is not the one that was written behind block ${seq} as it was last projected`,
      )
    }
    seq = block.seq
    hash = block.hash
    return { block, content: decodeBlock(block.data) }
  })
}
