import { createAnnouncements } from './announcements.ts'
import { openStore } from './store.ts'

/**
 * Of a data file that is put back from a copy: payouts that it holds for unsent may have been sent after it was copied, so it knows of them no more, and
 * they wait for a person. What is signed stays, and is followed on the chain.
 */
export function distrustEvmCopy(file: string, clock: { now: () => number }): void {
  const store = openStore(file)
  try {
    createAnnouncements(store, clock).forgetUnsigned()
  } finally {
    store.close()
  }
}
