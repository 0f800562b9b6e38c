import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Appends } from './underBench.ts'

/** Times the appends of a journal; `appended` answers those since it was called last. */
export function appendTimes(): Readonly<{ timed: (journal: JournalStore) => JournalStore; appended: () => Appends }> {
  let times: number[] = []
  return {
    timed: (journal) => ({
      ...journal,
      async append(block) {
        const beganAt = performance.now()
        await journal.append(block)
        times.push(performance.now() - beganAt)
      },
    }),
    appended() {
      const sorted = times.sort((a, b) => a - b)
      times = []
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
      return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) }
    },
  }
}
