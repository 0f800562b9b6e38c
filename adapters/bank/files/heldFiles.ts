import type { BankFileToCome } from './bankFileToCome.ts'
import type { Problem } from './store.ts'

/** One that waits may have been written anew, so it is looked at that often. */
const LOOK_MS = 5 * 60_000
const SHOWN_MAX = 1_000

/** `state`: what the file was like when it was read. */
type Held = Readonly<{ state: string; reason: string; readableAt: number; since: number; lookedAt: number }>

/** Files of days to come, by their names in the inbox: each was read, and is read again when its day is near. Times in ms, by our own clock. */
export function holdFiles(now: () => number) {
  const held = new Map<string, Held>()
  const isFar = (one: Held) => now() < one.readableAt

  return {
    /** Those of the names that are to be looked at now; what is of names that are gone is forgotten. */
    due(names: readonly string[]): string[] {
      const here = new Set(names)
      for (const name of held.keys()) if (!here.has(name)) held.delete(name)
      return names.filter((name) => {
        const one = held.get(name)
        // A clock may be set back.
        return !one || !isFar(one) || Math.abs(now() - one.lookedAt) >= LOOK_MS
      })
    },
    /** True of a file that is as it was when it was read, and whose day is as far: reading it anew would tell nothing. */
    waits(name: string, state: string): boolean {
      const one = held.get(name)
      if (!one || one.state !== state || !isFar(one)) return false
      held.set(name, { ...one, lookedAt: now() })
      return true
    },
    hold(name: string, state: string, { reason, readableAt }: BankFileToCome): void {
      held.set(name, { state, reason, readableAt, since: held.get(name)?.since ?? now(), lookedAt: now() })
    },
    end(name: string): void {
      held.delete(name)
    },
    problems: (): Problem[] =>
      [...held].slice(0, SHOWN_MAX).map(([name, { reason, readableAt, since }]) => {
        const from = new Date(readableAt).toISOString().slice(0, 10)
        const detail = `${name}: ${reason}. It stays in inbox/ and is read when the clock here says ${from}; take it out if its date is wrong`
        return { id: `to-come:${name}`, at: since, what: 'a file of the bank is of a day to come', detail }
      }),
  }
}
