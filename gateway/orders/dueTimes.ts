/**
 * What is due when, in buckets by time: orders run at whole hours, so there are few buckets however many orders there are. Each id has one time, its last.
 */
export function createDueTimes() {
  const timeOf = new Map<string, number>()
  const buckets = new Map<number, Set<string>>()

  function remove(id: string): void {
    const at = timeOf.get(id)
    if (at === undefined) return
    timeOf.delete(id)
    const bucket = buckets.get(at)
    bucket?.delete(id)
    if (bucket?.size === 0) buckets.delete(at)
  }

  return {
    remove,
    set(id: string, at: number): void {
      remove(id)
      timeOf.set(id, at)
      const bucket = buckets.get(at)
      if (bucket) bucket.add(id)
      else buckets.set(at, new Set([id]))
    },
    timeOf: (id: string): number | undefined => timeOf.get(id),
    /** At most so many that are due by now, the longest due first. */
    due(now: number, most: number): string[] {
      const times = [...buckets.keys()].filter((at) => at <= now).sort((a, b) => a - b)
      const found: string[] = []
      for (const at of times) {
        for (const id of buckets.get(at)!) {
          if (found.length >= most) return found
          found.push(id)
        }
      }
      return found
    },
  }
}
