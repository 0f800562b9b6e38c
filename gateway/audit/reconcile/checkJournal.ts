import { setTimeout as pause } from 'node:timers/promises'
import type { Asset } from '../../money/asset.ts'
import type { AccountBalance, AccountPath } from '../../ports/books.ts'
import type { JournalHead, JournalReader } from '../../ports/journal.ts'
import type { ReadAccount } from '../../ports/readModel.ts'
import { foldJournal } from '../projection/verifyJournal.ts'

/** Accounts that the books are asked for at a time: they look them up in one turn of the thread that answers. */
const ACCOUNTS_AT_ONCE = 256
/** The books show a block while it is being written, so a difference counts only when it is still there after this many looks. */
const LOOKS_MAX = 20
const LOOK_AGAIN_MS = 25
/** Blocks between two words about how far it is. */
const PROGRESS_EVERY = 256

/** What the journal proves up to block `blocks`, with the hash of that in hex. `broken` is the first thing that is wrong. */
export type JournalVerdict = Readonly<{
  blocks: number
  head: string
  broken?: string
  sums: readonly Readonly<{ asset: string; debits: bigint; credits: bigint }>[]
}>

/** Block `block` of `of` has been read. */
export type CheckProgress = Readonly<{ block: number; of: number }>

/** The check of the whole journal, up to the head that it has when it is asked for; one at a time. */
export type JournalCheck = Readonly<{ run(): Promise<JournalVerdict>; progress(): CheckProgress | undefined }>

/** What the books say of some accounts, at once, when block `seq` was the last one that is durable. */
export type LiveBalances = Readonly<{ seq: number; balances: readonly AccountBalance[] }>
export type AccountNames = readonly Readonly<{ path: AccountPath; asset: Asset }>[]

type CheckParts = Readonly<{
  journal: Pick<JournalReader, 'read'>
  /** The head of the books when they were asked. */
  head: JournalHead
  live: (accounts: AccountNames) => Promise<LiveBalances>
  onProgress: (block: number) => void
}>

/**
 * Reads the journal from its first block to `head` and trusts nothing in it, and compares every balance with the one that the books have in memory. The
 * books go on meanwhile: they are asked for a few accounts at a time, and the journal is read on as far as their answer.
 */
export async function checkJournal({ journal, head, live, onProgress }: CheckParts): Promise<JournalVerdict> {
  const fold = foldJournal()
  let last: JournalHead = { seq: 0, hash: new Uint8Array(32) }

  /** False when the journal breaks before that; there may be no such block yet. */
  async function readTo(seq: number): Promise<boolean> {
    if (last.seq >= seq) return true
    for await (const block of journal.read(last.seq)) {
      if (!fold.take(block)) return false
      last = block
      if (block.seq % PROGRESS_EVERY === 0) onProgress(block.seq)
      if (block.seq >= seq) break
    }
    return true
  }

  const whole = await readTo(head.seq)
  const { sums, wrong } = fold.findings()
  const verdict = {
    blocks: last.seq,
    head: Buffer.from(last.hash).toString('hex'),
    sums: sums.map(({ asset, debitsPosted, creditsPosted }) => ({ asset: asset.id, debits: debitsPosted, credits: creditsPosted })),
  }
  const ends = whole ? endsElsewhere(last, head) : undefined
  const broken = wrong[0] ?? ends ?? (await compareBalances(fold.accounts, live, readTo))
  return broken === undefined ? verdict : { ...verdict, broken }
}

function endsElsewhere(last: JournalHead, head: JournalHead): string | undefined {
  if (last.seq !== head.seq) return `the journal ends at block ${last.seq}, the books are at ${head.seq}`
  return Buffer.compare(last.hash, head.hash) === 0 ? undefined : `block ${last.seq} is not the one that was written`
}

/** The first balance of the books that the journal does not come to; accounts that are opened meanwhile are left to the next check. */
async function compareBalances(
  accounts: readonly ReadAccount[],
  live: CheckParts['live'],
  readTo: (seq: number) => Promise<boolean>,
): Promise<string | undefined> {
  const count = accounts.length
  for (let from = 0; from < count; from += ACCOUNTS_AT_ONCE) {
    // Their balances change in place as the journal is read on.
    const some = accounts.slice(from, from + ACCOUNTS_AT_ONCE)
    let wrong: ReadAccount | undefined
    for (let looked = 0; looked < LOOKS_MAX; looked++) {
      const { seq, balances } = await live(some.map(({ path, asset }) => ({ path, asset })))
      if (!(await readTo(seq))) return `the journal is broken before block ${seq}`
      wrong = firstDifference(some, balances)
      if (!wrong) break
      // They were one block ahead of what was durable, perhaps.
      await pause(LOOK_AGAIN_MS)
      if (!(await readTo(seq + 1))) return `the journal is broken before block ${seq + 1}`
      wrong = firstDifference(some, balances)
      if (!wrong) break
    }
    if (wrong) return `${wrong.path} in ${wrong.asset.code} differs from the journal's records`
  }
  return undefined
}

function firstDifference(accounts: readonly ReadAccount[], balances: readonly AccountBalance[]): ReadAccount | undefined {
  return accounts.find((account, i) => {
    const balance = balances[i]!
    return (
      account.debitsPosted !== balance.debitsPosted ||
      account.creditsPosted !== balance.creditsPosted ||
      account.debitsPending !== balance.debitsPending ||
      account.creditsPending !== balance.creditsPending
    )
  })
}
