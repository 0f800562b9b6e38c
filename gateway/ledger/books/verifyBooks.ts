import type { AccountBalance, Books } from '../../ports/books.ts'
import type { JournalStore } from '../../ports/journal.ts'
import { type BookState, balancesUnder, emptyBooks } from './bookState.ts'
import { forgetSettled } from './forgetSettled.ts'
import { replayJournal } from './replayJournal.ts'

type Verification = Awaited<ReturnType<Books['verify']>>

/**
 * Reads the journal again up to the head that the live balances belong to, recomputes hashes, balances and sums from the records alone, and compares
 * them with the live ones. `broken` is the first thing that is wrong.
 */
export async function verifyBooks(
  journal: JournalStore,
  live: Readonly<{ seq: number; hash: Uint8Array; balances: readonly AccountBalance[] }>,
): Promise<Verification> {
  const state = emptyBooks(0)
  const forget = forgetSettled(state)
  const onBlock = () => {
    forget()
    return undefined
  }
  let head: Awaited<ReturnType<typeof replayJournal>>
  try {
    head = await replayJournal(journal, state, { last: live.seq, onBlock })
  } catch (error) {
    return { blocks: 0, head: '', broken: error instanceof Error ? error.message : String(error), sums: [] }
  }
  const broken = firstDefect(state, head, live)
  const sums = state.machine.sums().map((sum) => ({
    asset: state.assetsByLedger.get(sum.ledger)?.id ?? `ledger ${sum.ledger}`,
    debits: sum.debitsPosted,
    credits: sum.creditsPosted,
  }))
  return { blocks: head.seq, head: Buffer.from(head.hash).toString('hex'), ...(broken !== undefined && { broken }), sums }
}

function firstDefect(
  state: BookState,
  head: { seq: number; hash: Uint8Array },
  live: { seq: number; hash: Uint8Array; balances: readonly AccountBalance[] },
): string | undefined {
  if (head.seq !== live.seq) return `the journal ends at block ${head.seq}, the books are at ${live.seq}`
  if (Buffer.compare(head.hash, live.hash) !== 0) return `block ${head.seq} is not the one that was written`
  const [wrong] = state.machine.check()
  if (wrong !== undefined) return wrong
  const recomputed = balancesUnder(state, '')
  if (recomputed.length !== live.balances.length) return `the journal has ${recomputed.length} accounts, the books ${live.balances.length}`
  for (const [i, balance] of live.balances.entries()) {
    const other = recomputed[i]
    if (!other || !sameBalance(balance, other)) return `${balance.path} in ${balance.asset.code} differs from the journal's records`
  }
  return undefined
}

function sameBalance(a: AccountBalance, b: AccountBalance): boolean {
  return (
    a.path === b.path &&
    a.asset.id === b.asset.id &&
    a.debitsPosted === b.debitsPosted &&
    a.creditsPosted === b.creditsPosted &&
    a.debitsPending === b.debitsPending &&
    a.creditsPending === b.creditsPending
  )
}
