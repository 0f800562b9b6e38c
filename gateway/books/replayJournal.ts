import { invariant } from '../errors/invariant.ts'
import type { Fact } from '../ports/books.ts'
import type { Block, JournalHead, JournalStore } from '../ports/journal.ts'
import { type BlockContent, decodeBlock } from './blockData.ts'
import { blockHash } from './blockHash.ts'
import { addAccount, type BookState, takeClaims } from './bookState.ts'
import { accountId } from './chart.ts'
import { entryKey, transferId } from './legIds.ts'

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
  for (const record of content.records) {
    state.machine.apply(record)
    if (record.kind !== 'account') continue
    const { path, asset } = accounts.next().value ?? invariantMissing()
    invariant(accountId(path, asset) === record.account.id, `the account of ${path} is the one recorded`)
    addAccount(state, { id: record.account.id, path, asset })
  }
  for (const { claims, entry, declined } of content.submissions) {
    if (claims)
      takeClaims(
        state,
        claims.map(([key, fingerprint]) => ({ key, fingerprint })),
        seq,
      )
    if (entry) {
      const first = state.machine.transfer(transferId({ entry: entry.id, leg: 0 }))
      invariant(first, `the legs of ${entry.id} are in its block`)
      state.entries.set(entryKey(entry.id), { ...entry, seq, fingerprint: first.userData64 })
    }
    if (declined) state.declined.set(entryKey(declined.id), { ...declined, seq, fingerprint: BigInt(`0x${declined.fingerprint}`) })
  }
}

function invariantMissing(): never {
  throw new Error('invariant broken: each account record has its path and asset')
}
