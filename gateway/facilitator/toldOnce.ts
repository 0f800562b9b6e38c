const KEPT_MAX = 100_000

/** Errands whose success somebody was told; the oldest is forgotten for a new one, and all of them by a restart. */
export function createToldOnce() {
  const ids = new Set<string>()
  return {
    has: (id: string): boolean => ids.has(id),
    /** True the first time. */
    tell(id: string): boolean {
      if (ids.has(id)) return false
      ids.add(id)
      const [oldest] = ids
      if (ids.size > KEPT_MAX && oldest !== undefined) ids.delete(oldest)
      return true
    },
  }
}
