import { createTurns } from '../../ledger/process/turns.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { readWalletFact, toWalletFact } from './facts.ts'

/** One use of an allowance: the payout it became and what it took, in the allowance's asset. */
type Use = Readonly<{ owner: string; payout: string; at: number; units: bigint }>

/** All uses of one allowance that have not failed, and their sum. */
type Allowance = { uses: Use[]; units: bigint }

/** So often at most one thing is tried. */
const TRIES_MAX = 5

export type Spending = ReturnType<typeof createSpending>

/**
 * What was spent under each allowance (a withdrawal link, an app), from the journal's facts. A payout that failed gives its use back; one whose
 * outcome is not known keeps it. Make it before the books start.
 */
export function createSpending(books: Books) {
  const allowances = new Map<string, Allowance>()
  /** Uses that have not failed, by their payout. */
  const standing = new Map<string, Use>()
  /** How many uses of an allowance there ever were. */
  const counts = new Map<string, number>()
  /** Whose use a payout without an end is. */
  const ownerOf = new Map<string, string>()
  /** What the caller names a use by, such as an invoice: the same again is the same payout. */
  const byKey = new Map<string, string>()

  function allowance(owner: string): Allowance {
    const known = allowances.get(owner) ?? { uses: [], units: 0n }
    allowances.set(owner, known)
    return known
  }

  function take(use: Use): void {
    const known = allowance(use.owner)
    known.uses.push(use)
    known.units += use.units
  }

  function release(owner: string, payout: string): void {
    const known = allowance(owner)
    const place = known.uses.findLastIndex((use) => use.payout === payout)
    const [given] = known.uses.splice(place, 1)
    known.units -= given!.units
    standing.delete(payout)
  }

  function derive(): void {
    allowances.clear()
    for (const use of standing.values()) take(use)
  }

  books.remember({ name: 'wallet.spending', form: 1, tables: { standing, counts, ownerOf, byKey }, apply, derive })

  function apply(fact: Fact): void {
    const own = readWalletFact(fact)
    if (own?.type === 'allowance.used') {
      const { payout, units, key } = own.data
      const use = { owner: own.id, payout, at: own.at, units: BigInt(units) }
      take(use)
      standing.set(payout, use)
      counts.set(use.owner, (counts.get(use.owner) ?? 0) + 1)
      byKey.set(key, payout)
      ownerOf.set(payout, use.owner)
    } else if (fact.type === 'payout.failed' || fact.type === 'payout.settled') {
      const owner = ownerOf.get(fact.id)
      if (owner === undefined) return
      ownerOf.delete(fact.id)
      if (fact.type === 'payout.failed') release(owner, fact.id)
    }
  }

  return {
    /** What payouts since then, or ever, have taken or may still take. */
    spent(owner: string, since?: number): bigint {
      const known = allowances.get(owner)
      if (!known || since === undefined) return known?.units ?? 0n
      return known.uses.reduce((sum, use) => (use.at >= since ? sum + use.units : sum), 0n)
    },
    /** Payouts that have taken, or may still take, something. */
    usesOf: (owner: string): number => allowances.get(owner)?.uses.length ?? 0,
    payoutsOf: (owner: string): readonly string[] => (allowances.get(owner)?.uses ?? []).map(({ payout }) => payout),
    /**
     * The latest use under this name, such as an invoice: its payout, or the key of a next try when there is none or it has failed. So the same
     * thing asked for twice is paid once, and what came to nothing can be tried again.
     */
    latest(name: string, isFailed: (payout: string) => boolean): Readonly<{ key: string; payout: string | undefined }> {
      for (let tries = 1; tries < TRIES_MAX; tries++) {
        const key = `${name}:${tries}`
        const payout = byKey.get(key)
        if (payout === undefined || !isFailed(payout)) return { key, payout }
      }
      const key = `${name}:${TRIES_MAX}`
      return { key, payout: byKey.get(key) }
    },
    /** The payout of the last try under this name. */
    lastOf(name: string): string | undefined {
      let last: string | undefined
      for (let tries = 1; tries <= TRIES_MAX; tries++) last = byKey.get(`${name}:${tries}`) ?? last
      return last
    },
    /** The claims and the fact of one more use: of two at once, in whatever processes, only one can take the next number. */
    use(owner: string, o: { payout: string; units: bigint; at: number; key: string }) {
      const number = counts.get(owner) ?? 0
      const data = { payout: o.payout, units: o.units.toString(), key: o.key }
      return {
        claims: [
          { key: `allowance:${owner}:${number}`, fingerprint: o.payout },
          { key: o.key, fingerprint: o.payout },
        ],
        facts: [toWalletFact({ type: 'allowance.used', id: owner, at: o.at, data })],
      }
    },
    /** One piece of work at a time for each allowance, so that two can never spend the same rest. */
    inTurn: createTurns(),
  }
}
