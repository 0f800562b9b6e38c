import type { NanoUsd } from '../../costs/policy.ts'

/** What something counts for, such as its party and all payouts, and what it is worth. All of one group, such as a net, count as one. */
export type Counted = Readonly<{ names: readonly string[]; group: string; worthNano: NanoUsd }>

type Sum = { worthNano: NanoUsd; readonly groups: Map<string, number> }
type Entry = Readonly<{ counted: Counted }> & { stands: boolean; reserved: number }

/** How many there are under a name, and what they are worth: those that stand in the books, and those that are on their way there. */
export function createTally() {
  const entries = new Map<string, Entry>()
  const sums = new Map<string, Sum>()

  function entryOf(id: string, counted: Counted): Entry {
    const entry = entries.get(id) ?? { counted, stands: false, reserved: 0 }
    if (!entries.has(id)) change(counted, 1)
    entries.set(id, entry)
    return entry
  }

  function change({ names, group, worthNano }: Counted, by: 1 | -1): void {
    for (const name of names) {
      const sum = sums.get(name) ?? { worthNano: 0n, groups: new Map<string, number>() }
      sum.worthNano += by === 1 ? worthNano : -worthNano
      const members = (sum.groups.get(group) ?? 0) + by
      if (members > 0) sum.groups.set(group, members)
      else sum.groups.delete(group)
      if (sum.groups.size > 0) sums.set(name, sum)
      else sums.delete(name)
    }
  }

  function dropUnused(id: string, { counted, stands, reserved }: Entry): void {
    if (stands || reserved > 0 || !entries.delete(id)) return
    change(counted, -1)
  }

  return {
    /** What there would be under a name with this too. */
    withOne(name: string, { group, worthNano }: Counted): Readonly<{ count: number; worthNano: NanoUsd }> {
      const sum = sums.get(name)
      const count = (sum?.groups.size ?? 0) + (sum?.groups.has(group) ? 0 : 1)
      return { count, worthNano: (sum?.worthNano ?? 0n) + worthNano }
    },
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
