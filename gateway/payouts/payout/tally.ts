import type { NanoUsd } from '../router/policy.ts'

/** What something counts for, such as its party and all payouts, and what it is worth. */
export type Counted = Readonly<{ names: readonly string[]; worthNano: NanoUsd }>

type Sum = Readonly<{ count: number; worthNano: NanoUsd }>
type Entry = Readonly<{ counted: Counted }> & { stands: boolean; reserved: number }

/** How many there are under a name, and what they are worth: those that stand in the books, and those that are on their way there. */
export function createTally() {
  const entries = new Map<string, Entry>()
  const sums = new Map<string, Sum>()

  function entryOf(id: string, counted: Counted): Entry {
    const entry = entries.get(id) ?? { counted, stands: false, reserved: 0 }
    if (!entries.has(id)) for (const name of counted.names) change(name, 1, counted.worthNano)
    entries.set(id, entry)
    return entry
  }

  function change(name: string, count: number, worthNano: NanoUsd): void {
    const sum = of(name)
    const next = { count: sum.count + count, worthNano: sum.worthNano + worthNano }
    if (next.count > 0) sums.set(name, next)
    else sums.delete(name)
  }

  function dropUnused(id: string, { counted, stands, reserved }: Entry): void {
    if (stands || reserved > 0 || !entries.delete(id)) return
    for (const name of counted.names) change(name, -1, -counted.worthNano)
  }

  function of(name: string): Sum {
    return sums.get(name) ?? { count: 0, worthNano: 0n }
  }

  return {
    of,
    has: (id: string) => entries.has(id),
    /** Counts what is asked for, from now on. Answers how to say, once, that the books have it or never will: what stands then goes on counting. */
    reserve(id: string, counted: Counted): () => void {
      const entry = entryOf(id, counted)
      entry.reserved++
      return () => {
        entry.reserved--
        dropUnused(id, entry)
      }
    },
    /** The books have it. */
    stand(id: string, counted: Counted): void {
      entryOf(id, counted).stands = true
    },
    /** It has its end. */
    end(id: string): void {
      const entry = entries.get(id)
      if (!entry) return
      entry.stands = false
      dropUnused(id, entry)
    },
  }
}
