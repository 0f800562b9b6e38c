/**
 * What is being made, by the names that bound it. A bound is looked at before what is made is durable, and many may be asked for at once: it counts what is
 * under way as if it stood, so that they are no more than one after the other would be.
 */
export type UnderWay = ReturnType<typeof createUnderWay>

export function createUnderWay() {
  const counts = new Map<string, number>()
  const of = (name: string): number => counts.get(name) ?? 0

  function add(names: readonly string[], by: 1 | -1): void {
    for (const name of names) {
      if (of(name) + by === 0) counts.delete(name)
      else counts.set(name, of(name) + by)
    }
  }

  return {
    of,
    /** One more under each of these names, until it stands or never will. Look at the bound and call this without an await between. */
    async during<T>(names: readonly string[], make: () => Promise<T>): Promise<T> {
      add(names, 1)
      try {
        return await make()
      } finally {
        add(names, -1)
      }
    },
  }
}
