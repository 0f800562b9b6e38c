/** One use of an allowance: the payout it became and what it took, in the allowance's asset. */
export type Use = Readonly<{ owner: string; payout: string; at: number; units: bigint }>

/** All uses of one allowance that have not failed, and their sum. */
type Allowance = { uses: Use[]; units: bigint }

/** The uses of each allowance that have not failed, so that nobody has to go through all payouts. */
export function createAllowances() {
  const allowances = new Map<string, Allowance>()

  return {
    take(use: Use): void {
      const known = allowances.get(use.owner) ?? { uses: [], units: 0n }
      allowances.set(use.owner, known)
      known.uses.push(use)
      known.units += use.units
    },
    /** Gives back what a payout took. */
    release(owner: string, payout: string): void {
      const known = allowances.get(owner)!
      const place = known.uses.findLastIndex((use) => use.payout === payout)
      const [given] = known.uses.splice(place, 1)
      known.units -= given!.units
    },
    clear: (): void => allowances.clear(),
    /** The oldest first. */
    usesOf: (owner: string): readonly Use[] => allowances.get(owner)?.uses ?? [],
    /** What uses since then, or ever, took. */
    spent(owner: string, since?: number): bigint {
      const known = allowances.get(owner)
      if (!known || since === undefined) return known?.units ?? 0n
      return known.uses.reduce((sum, use) => (use.at >= since ? sum + use.units : sum), 0n)
    },
  }
}
