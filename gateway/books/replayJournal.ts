import { invariant } from '../errors/invariant.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { Block, JournalHead, JournalStore } from '../ports/journal.ts'
import { type BlockContent, decodeBlock } from './blockData.ts'
import { blockHash } from './blockHash.ts'
import { addAccount, type BookState, noteBooked, noteDeclined, takeClaims } from './bookState.ts'
import { accountId } from './chart.ts'

/** The head of a journal and the time of its last block in ns. */
export type ReplayedHead = JournalHead & Readonly<{ at: bigint }>

export const GENESIS: ReplayedHead = { seq: 0, hash: new Uint8Array(32), at: 0n }

/**
 * Reads the journal from its beginning up to `last` (or its end) into an empty state. Checks that no block is missing and that each hash covers
 * its block and the one before it; the error names the first block that is wrong.
 */
export async function replayJournal(
  journal: JournalStore,
  state: BookState,
  options: { last?: number; onFact?: (fact: Fact, seq: number) => void } = {},
): Promise<ReplayedHead> {
  let head = GENESIS
  if (options.last === 0) return head
  for await (const block of journal.read(0)) {
    checkLink(head, block)
    const content = decodeBlock(block.data)
    applyBlock(state, content, block.seq)
    if (options.onFact) {
      for (const { facts = [] } of content.submissions) for (const fact of facts) options.onFact(fact, block.seq)
    }
    head = { seq: block.seq, hash: block.hash, at: block.at }
    if (head.seq === options.last) break
  }
  return head
}

function checkLink(head: JournalHead, block: Block): void {
  if (block.seq !== head.seq + 1) throw new Error(`the journal has a gap: block ${head.seq + 1} is missing, the next one is ${block.seq}`)
  const expected = blockHash(head.hash, block)
  if (Buffer.compare(expected, block.hash) !== 0) {
    throw new Error(`the journal's hash chain is broken at block ${block.seq}: it or its predecessor was changed after it was written`)
  }
}

/** Puts a block that was read back into effect. */
function applyBlock(state: BookState, content: BlockContent, seq: number): void {
  const accounts = content.accounts[Symbol.iterator]()
  state.machine.applyBytes(content.recordBytes, (id) => {
    const created = accounts.next().value
    invariant(created, 'each account record has its path and asset')
    const { path, asset } = created
    invariant(accountId(path, asset) === id, `the account of ${path} is the one recorded`)
    addAccount(state, { id, path, asset })
  })
  for (const { claims, entry, declined } of content.submissions) {
    if (claims) takeClaims(state, claims.map(toClaim), seq)
    if (entry) noteBooked(state, { ...entry, seq })
    if (declined) noteDeclined(state, { ...declined, seq, fingerprint: BigInt(`0x${declined.fingerprint}`) })
  }
}

function toClaim([key, fingerprint]: readonly [string, string]): Claim {
  return { key, fingerprint }
}
