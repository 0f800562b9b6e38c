import type { Books } from '../ports/books.ts'

/** One use of an allowance: the payout it became and what it took, in the allowance's asset. */
type Use = Readonly<{ payout: string; at: number; units: bigint }>

/** So often at most one thing is tried. */
const TRIES_MAX = 5

export type Spending = ReturnType<typeof createSpending>

/**
 * What was spent under each allowance (a withdrawal link, an app), from the journal's facts. A payout that failed gives its use back; one whose
 * outcome is not known keeps it. Make it before the books start.
 */
export function createSpending(books: Books) {
  const uses = new Map<string, Use[]>()
  const ownerOf = new Map<string, string>()
  const counts = new Map<string, number>()
  /** What the caller names a use by, such as an invoice: the same again is the same payout. */
  const byKey = new Map<string, string>()
  /** One piece of work at a time for each allowance, so that two can never spend the same rest. */
  const queues = new Map<string, Promise<unknown>>()

  books.listen((fact) => {
    if (fact.type === 'allowance.used') {
      const { payout, units, key } = fact.data as { payout: string; units: string; key: string }
      byKey.set(key, payout)
      uses.set(fact.id, [...(uses.get(fact.id) ?? []), { payout, at: fact.at, units: BigInt(units) }])
      counts.set(fact.id, (counts.get(fact.id) ?? 0) + 1)
      ownerOf.set(payout, fact.id)
    } else if (fact.type === 'payout.failed' || fact.type === 'payout.settled') {
      const owner = ownerOf.get(fact.id)
      if (owner === undefined) return
      ownerOf.delete(fact.id)
      if (fact.type === 'payout.failed')
        uses.set(
          owner,
          (uses.get(owner) ?? []).filter((use) => use.payout !== fact.id),
        )
    }
  })

  return {
    /** What payouts since then have taken or may still take. */
    spent: (owner: string, since = 0): bigint =>
      (uses.get(owner) ?? []).reduce((sum, use) => (use.at >= since ? sum + use.units : sum), 0n),
    /** Payouts that have taken, or may still take, something. */
    usesOf: (owner: string): number => uses.get(owner)?.length ?? 0,
    payoutsOf: (owner: string): readonly string[] => (uses.get(owner) ?? []).map(({ payout }) => payout),
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
      return {
        claims: [
          { key: `allowance:${owner}:${number}`, fingerprint: o.payout },
          { key: o.key, fingerprint: o.payout },
        ],
        facts: [{ type: 'allowance.used', id: owner, at: o.at, data: { payout: o.payout, units: o.units.toString(), key: o.key } }],
      }
    },
    /** Runs after all that was queued for this allowance before. */
    async inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
      const before = queues.get(owner) ?? Promise.resolve()
      const mine = before.then(work, work)
      const settled = mine.then(
        () => undefined,
        () => undefined,
      )
      queues.set(owner, settled)
      try {
        return await mine
      } finally {
        if (queues.get(owner) === settled) queues.delete(owner)
      }
    },
  }
}
