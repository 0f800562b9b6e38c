import { createInTurn } from '../../ledger/process/inTurn.ts'
import { readFact } from '../../payouts/payoutState/facts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { createAllowances, type Use } from './allowances.ts'
import { readWalletFact, toWalletFact } from './facts.ts'

/** So often at most one thing is tried. */
const TRIES_MAX = 5

/** One try of a thing: what it is named by, and its payout when it has one. */
type Try = Readonly<{ key: string; payout: string | undefined }>

/** `key` names the use: the same again is the same payout. `units` in the allowance's asset. */
type NewUse = Readonly<{ payout: string; units: bigint; at: number; key: string }>

export type Spending = ReturnType<typeof createSpending>

/**
 * What was spent under each allowance (a withdrawal link, an app), from the journal's facts. A payout that failed gives its use back; one whose
 * outcome is not known keeps it. Make it before the books start.
 */
export function createSpending(books: Books) {
  const allowances = createAllowances()
  /** Uses that have not failed, by their payout. */
  const standing = new Map<string, Use>()
  /** How many uses of an allowance there ever were. */
  const counts = new Map<string, number>()
  /** Whose use a payout without an end is. */
  const ownerOf = new Map<string, string>()
  /** What the caller names a use by, such as an invoice: the same again is the same payout. */
  const byKey = new Map<string, string>()

  function derive(): void {
    allowances.clear()
    for (const use of standing.values()) allowances.take(use)
  }

  books.remember({ name: 'wallet.spending', form: 1, tables: { standing, counts, ownerOf, byKey }, apply, derive })

  function apply(fact: Fact): void {
    const own = readWalletFact(fact)
    if (own?.type === 'allowance.used') {
      const { payout, units, key } = own.data
      const use = { owner: own.id, payout, at: own.at, units: BigInt(units) }
      allowances.take(use)
      standing.set(payout, use)
      counts.set(use.owner, (counts.get(use.owner) ?? 0) + 1)
      byKey.set(key, payout)
      ownerOf.set(payout, use.owner)
      return
    }
    const payout = readFact(fact)
    if (payout?.type === 'payout.failed' || payout?.type === 'payout.settled') ended(payout.id, payout.type === 'payout.failed')
  }

  function ended(payout: string, failed: boolean): void {
    const owner = ownerOf.get(payout)
    if (owner === undefined) return
    ownerOf.delete(payout)
    if (!failed) return
    allowances.release(owner, payout)
    standing.delete(payout)
  }

  return {
    /** What payouts since then, or ever, have taken or may still take. */
    spent: allowances.spent,
    /** Payouts that have taken, or may still take, something. */
    usesOf: (owner: string): number => allowances.usesOf(owner).length,
    payoutsOf: (owner: string): readonly string[] => allowances.usesOf(owner).map(({ payout }) => payout),
    /**
     * The latest use under this name, such as an invoice: its payout, or the key of a next try when there is none or it has failed. So the same
     * thing asked for twice is paid once, and what came to nothing can be tried again.
     */
    latest: (name: string, isFailed: (payout: string) => boolean): Try => latestTry(byKey, name, isFailed),
    /** The payout of the last try under this name. */
    lastOf: (name: string): string | undefined =>
      tryKeys(name)
        .flatMap((key) => byKey.get(key) ?? [])
        .at(-1),
    /** The claims and the fact of one more use: of two at once, in whatever processes, only one can take the next number. */
    use: (owner: string, o: NewUse) => useAlong(owner, counts.get(owner) ?? 0, o),
    /** One piece of work at a time for each allowance, so that two can never spend the same rest. */
    inTurn: createInTurn(),
  }
}

/** How the tries of one thing are named, the first one first. */
function tryKeys(name: string): string[] {
  return Array.from({ length: TRIES_MAX }, (_, index) => `${name}:${index + 1}`)
}

/** The first try that was not made, or has not failed; else the last one. */
function latestTry(byKey: ReadonlyMap<string, string>, name: string, isFailed: (payout: string) => boolean): Try {
  const tries = tryKeys(name).map((key): Try => ({ key, payout: byKey.get(key) }))
  return tries.find(({ payout }) => payout === undefined || !isFailed(payout)) ?? tries.at(-1)!
}

/** `number`: how many uses of the allowance there were before. */
function useAlong(owner: string, number: number, { payout, units, at, key }: NewUse) {
  return {
    claims: [
      { key: `allowance:${owner}:${number}`, fingerprint: payout },
      { key, fingerprint: payout },
    ],
    facts: [toWalletFact({ type: 'allowance.used', id: owner, at, data: { payout, units: units.toString(), key } })],
  }
}
