/** The newest things that have ended, by id, in a ring. Both lists belong into the tables of the memory that keeps it. */
type EndedRing = Readonly<{
  ended: string[]
  /** Has the place of the one that leaves next. */
  oldest: number[]
  /** Takes it in; answers which one leaves for it, undefined while there is room. */
  push(id: string): string | undefined
}>

export function endedRing(kept: number): EndedRing {
  const ended: string[] = []
  const oldest = [0]
  return {
    ended,
    oldest,
    push(id) {
      const place = oldest[0] ?? 0
      const gone = ended[place]
      ended[place] = id
      oldest[0] = (place + 1) % kept
      return gone
    },
  }
}
