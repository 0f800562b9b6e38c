import { accountKind } from '../../ledger/journal/chart.ts'
import type { Asset } from '../../money/asset.ts'
import type { Block } from '../../ports/journal.ts'
import { AccountFlags } from '../../ports/ledger.ts'
import type { ReadAccount, ReadCursor } from '../../ports/readModel.ts'
import { type CheckedBlock, checkPage } from './follower.ts'
import { loadGroups } from './groups.ts'
import { type LedgerState, takeTouched } from './ledgerState.ts'
import { projectBlock } from './projectBlock.ts'

/** Debits and credits of one asset over all accounts. */
type AssetSums = {
  asset: Asset
  accounts: number
  debitsPosted: bigint
  creditsPosted: bigint
  debitsPending: bigint
  creditsPending: bigint
}

/** What the journal proves about itself. `wrong` names what does not hold, a sentence each; `head` is the last block that belongs to the chain. */
export type JournalFindings = Readonly<{
  head: ReadCursor
  entries: number
  openHolds: number
  sums: readonly AssetSums[]
  wrong: readonly string[]
}>

/** What is wrong is listed up to here: one defect at the beginning breaks much behind it. */
const WRONG_MAX = 20

/** A journal as it is read, block by block, and what that has come to so far. */
type JournalFold = Readonly<{
  /** Takes the next block; undefined, with the reason among what is wrong, when it does not belong to the chain. */
  take(block: Block): CheckedBlock | undefined
  /** All accounts, as they are after the last block. */
  accounts: readonly ReadAccount[]
  findings(): JournalFindings
}>

/**
 * Reads a journal, one block at a time, and trusts nothing in it: no block is missing, each hash covers its block and the one before it, every
 * leg is between accounts of one asset, no account leaves the limits of the chart of accounts, and each asset's debits equal its credits.
 */
export function foldJournal(): JournalFold {
  const state: LedgerState = {
    accounts: new Map(),
    byNumber: [],
    holds: new Map(),
    assets: new Map(),
    touched: new Set(),
    groups: loadGroups([]),
    entries: 0,
    changes: 0,
  }
  const wrong: string[] = []
  let head: ReadCursor = { seq: 0, hash: new Uint8Array(32), at: 0n }

  function fold({ block, content }: CheckedBlock): void {
    const { changes } = projectBlock(state, block.seq, content)
    for (const { n, debit, credit } of changes) {
      const [from, to] = [state.byNumber[debit.account - 1], state.byNumber[credit.account - 1]]
      if (from?.asset.ledger !== to?.asset.ledger)
        wrong.push(`block ${block.seq}: change ${n} is between ${from?.asset.id} and ${to?.asset.id}`)
    }
    for (const account of takeTouched(state).accounts) wrong.push(...brokenLimits(account).map((what) => `block ${block.seq}: ${what}`))
  }

  return {
    take(block) {
      try {
        const checked = checkPage(head, [block])[0]!
        fold(checked)
        head = { seq: block.seq, hash: block.hash, at: block.at }
        return checked
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error))
        return undefined
      }
    },
    accounts: state.byNumber,
    findings() {
      const sums = sumAssets(state)
      const all = [...wrong, ...sums.flatMap(unevenSums)]
      return { head, entries: state.entries, openHolds: state.holds.size, sums, wrong: all.slice(0, WRONG_MAX) }
    },
  }
}

/** Reads a whole journal up to its end or to the first block that does not belong to it. `onBlock` sees each block, with the accounts as they are after it. */
export async function verifyJournal(
  blocks: AsyncIterable<Block>,
  onBlock: (checked: CheckedBlock, accounts: readonly ReadAccount[]) => void = () => undefined,
): Promise<JournalFindings> {
  const journal = foldJournal()
  for await (const block of blocks) {
    const checked = journal.take(block)
    if (!checked) break
    onBlock(checked, journal.accounts)
  }
  return journal.findings()
}

function unevenSums({ asset, debitsPosted, creditsPosted, debitsPending, creditsPending }: AssetSums): string[] {
  return [
    ...(debitsPosted === creditsPosted ? [] : [`${asset.id}: ${debitsPosted} debits, ${creditsPosted} credits`]),
    ...(debitsPending === creditsPending ? [] : [`${asset.id}: ${debitsPending} pending debits, ${creditsPending} pending credits`]),
  ]
}

/** The same rules as the ledger's own limits, read off the chart of accounts again. */
function brokenLimits(account: ReadAccount): string[] {
  const { path, asset, debitsPosted, creditsPosted, debitsPending, creditsPending } = account
  const broken: string[] = []
  if ([debitsPosted, creditsPosted, debitsPending, creditsPending].some((units) => units < 0n))
    broken.push(`${path} in ${asset.code} has a negative balance`)
  const { flags } = accountKind(path)
  if (flags & AccountFlags.debits_must_not_exceed_credits && debitsPosted + debitsPending > creditsPosted)
    broken.push(`${path} in ${asset.code} owes more than it has`)
  if (flags & AccountFlags.credits_must_not_exceed_debits && creditsPosted + creditsPending > debitsPosted)
    broken.push(`${path} in ${asset.code} has given more than it got`)
  return broken
}

function sumAssets(state: LedgerState): AssetSums[] {
  const sums = new Map<number, AssetSums>()
  for (const account of state.byNumber) {
    const { asset } = account
    const sum = sums.get(asset.ledger) ?? { asset, accounts: 0, debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }
    sum.accounts += 1
    sum.debitsPosted += account.debitsPosted
    sum.creditsPosted += account.creditsPosted
    sum.debitsPending += account.debitsPending
    sum.creditsPending += account.creditsPending
    sums.set(asset.ledger, sum)
  }
  return [...sums.values()].sort((a, b) => a.asset.ledger - b.asset.ledger)
}
