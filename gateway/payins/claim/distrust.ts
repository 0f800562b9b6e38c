/** The newest payers who failed to pay are remembered, and for so long: addresses are free, so a list of all would be long and keep nobody out. */
const PAYERS_MAX = 10_000
const DISTRUST_MS = 30 * 86_400_000

/** Payers whose authorization once could not be collected: for a time they pay before the work. */
export function createDistrust() {
  /** When each last failed, ms; the newest last. */
  const distrusted = new Map<string, number>()

  return {
    tables: { distrusted },
    add(payer: string, at: number): void {
      distrusted.delete(payer)
      distrusted.set(payer, at)
      for (const [oldest, since] of distrusted) {
        if (distrusted.size <= PAYERS_MAX && since > at - DISTRUST_MS) break
        distrusted.delete(oldest)
      }
    },
    has(payer: string, now: number): boolean {
      const since = distrusted.get(payer)
      return since !== undefined && since > now - DISTRUST_MS
    },
  }
}
