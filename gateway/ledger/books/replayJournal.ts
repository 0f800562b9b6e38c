import { invariant } from '../../errors/invariant.ts'
import type { Claim, Fact } from '../../ports/books.ts'
import type { Block, JournalHead, JournalStore } from '../../ports/journal.ts'
import { type BlockContent, decodeBlock } from '../journal/blockData.ts'
import { blockHash } from '../journal/blockHash.ts'
import { accountId } from '../journal/chart.ts'
import { SegmentUnreadable } from '../rows/segmentStore.ts'
import { addAccount, type BookState, noteBooked, noteDeclined, takeClaims } from './bookState.ts'

/** The head of a journal and the time of its last block in ns. */
export type ReplayedHead = JournalHead & Readonly<{ at: bigint }>

export const GENESIS: ReplayedHead = { seq: 0, hash: new Uint8Array(32), at: 0n }

type ReplayOptions = Readonly<{
  /** The last block that is wanted; all of them when absent. */
  last?: number
  /** The block after which a snapshot was taken that the state was filled from. */
  restored?: ReplayedHead
  /** Told of every fact. */
  onFact?: (fact: Fact, seq: number) => void
  /** The facts before the snapshot are wanted too. */
  allFacts?: boolean
  /** False for a journal without a chart of accounts: that of an engine alone. */
  chart?: boolean
  /** Builds again what could not be read, and answers whether it could. Without it that is the end. */
  heal?: () => Promise<boolean>
  /** Called after each block, and awaited when it asks for that. */
  onBlock?: () => Promise<void> | undefined
}>

/**
 * Reads the journal into a state up to `last` (or its end). Checks that no block is missing and that each hash covers its block and the one before it;
 * the error names the first block that is wrong. It starts at the block of the snapshot, unless all facts are wanted: then it reads only those up to there.
 */
export async function replayJournal(journal: JournalStore, state: BookState, options: ReplayOptions = {}): Promise<ReplayedHead> {
  const { last, restored = GENESIS, onFact } = options
  if (last === 0) return GENESIS
  await checkRestored(journal, restored)
  let head = options.allFacts ? GENESIS : restored
  for await (const block of journal.read(head.seq)) {
    checkLink(head, block)
    const content = decodeBlock(block.data)
    if (block.seq > restored.seq) await applyWhole(applying(state, content, { seq: block.seq, chart: options.chart ?? true }), options.heal)
    if (onFact) for (const { facts = [] } of content.submissions) for (const fact of facts) onFact(fact, block.seq)
    const pause = options.onBlock?.()
    if (pause) await pause
    head = { seq: block.seq, hash: block.hash, at: block.at }
    if (head.seq === last) break
  }
  return head
}

/** Throws when the journal says that its head is another block than the last one that was read. */
export async function checkHead(journal: JournalStore, replayed: JournalHead): Promise<void> {
  const stored = await journal.head()
  if (stored.seq !== replayed.seq)
    throw new Error(`the journal says its head is block ${stored.seq}, but its last block is ${replayed.seq}`)
}

/** A snapshot that is good but knows a block that the journal does not have is a witness that the journal has lost it. */
async function checkRestored(journal: JournalStore, restored: JournalHead): Promise<void> {
  if (restored.seq === 0) return
  for await (const block of journal.read(restored.seq - 1)) {
    if (block.seq === restored.seq && Buffer.compare(block.hash, restored.hash) === 0) return
    break
  }
  throw new Error(
    `a snapshot was taken after block ${restored.seq}, which the journal does not have: data was lost or replaced. ` +
      'Restore the journal from a copy; if it is the one you mean, remove the folder with the state files.',
  )
}

/** Throws when `block` is not the one that was written behind `head`. */
export function checkLink(head: JournalHead, block: Block): void {
  if (block.seq !== head.seq + 1) throw new Error(`the journal has a gap: block ${head.seq + 1} is missing, the next one is ${block.seq}`)
  const expected = blockHash(head.hash, block)
  if (Buffer.compare(expected, block.hash) !== 0) {
    throw new Error(`the journal's hash chain is broken at block ${block.seq}: it or its predecessor was changed after it was written`)
  }
}

/** Puts a block that was read back into effect. */
export function applyBlock(state: BookState, content: BlockContent, o: Readonly<{ seq: number; chart: boolean }>): void {
  applying(state, content, o)()
}

async function applyWhole(apply: () => void, heal: (() => Promise<boolean>) | undefined): Promise<void> {
  for (;;) {
    try {
      return apply()
    } catch (error) {
      if (!(error instanceof SegmentUnreadable && heal && (await heal()))) throw error
    }
  }
}

/** What puts a block into effect; called again after it could not read a segment, it goes on where it was. */
function applying(state: BookState, content: BlockContent, { seq, chart }: Readonly<{ seq: number; chart: boolean }>): () => void {
  const accounts = content.accounts[Symbol.iterator]()
  return () => {
    state.machine.applyBytes(content.recordBytes, (id) => {
      if (!chart) return
      const created = accounts.next().value
      invariant(created, 'each account record has its path and asset')
      const { path, asset } = created
      invariant(accountId(path, asset) === id, `the account of ${path} is the one recorded`)
      addAccount(state, { id, path, asset })
    })
    noteSubmissions(state, content, seq)
  }
}

/** Files the claims and entries of a block, in the order in which they were filed when it was made: segments that are built again are then the same. */
export function noteSubmissions(state: BookState, { submissions }: BlockContent, seq: number): void {
  for (const { claims, entry, declined } of submissions) {
    if (entry) noteBooked(state, { ...entry, seq })
    if (declined) noteDeclined(state, { ...declined, seq, fingerprint: BigInt(`0x${declined.fingerprint}`) })
    if (claims) takeClaims(state, claims.map(toClaim), seq)
  }
}

function toClaim([key, fingerprint]: readonly [string, string]): Claim {
  return { key, fingerprint }
}
