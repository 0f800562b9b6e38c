/** Where something waits for its turn: in which lane, and who it is for. */
export type Place = Readonly<{ lane: string; owner: string }>

/** Queues of what is to be run, so many at once in each lane, fair by owner. */
type Lanes = Readonly<{
  /** Queues it, unless it is queued. */
  add(id: string): void
  has(id: string): boolean
  /** Takes the next that may run, with its place; `free` gives the place back, once. */
  next(): Readonly<{ id: string; free: () => void }> | undefined
  ids(): readonly string[]
  clear(): void
}>

type Lane = { taken: number; readonly held: Map<string, number>; readonly waiting: Map<string, Set<string>> }

/**
 * Owners go in turn, and each in the order in which its own came. An owner takes a place only while it holds fewer than are free: alone it has half
 * of a lane, many share it evenly, and who comes new finds one free, however many the others have waiting.
 */
export function createLanes(width: number, placeOf: (id: string) => Place): Lanes {
  const lanes = new Map<string, Lane>()
  const queued = new Map<string, Set<string>>()

  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? { taken: 0, held: new Map(), waiting: new Map() }
    lanes.set(name, lane)
    return lane
  }

  function take(lane: Lane): { id: string; free: () => void } | undefined {
    for (const [owner, ids] of lane.waiting) {
      if ((lane.held.get(owner) ?? 0) >= width - lane.taken) continue
      const [id] = ids
      if (id === undefined) continue
      ids.delete(id)
      queued.delete(id)
      // To the end of the turn.
      lane.waiting.delete(owner)
      if (ids.size > 0) lane.waiting.set(owner, ids)
      return { id, free: hold(lane, owner) }
    }
    return undefined
  }

  function hold(lane: Lane, owner: string): () => void {
    lane.taken++
    lane.held.set(owner, (lane.held.get(owner) ?? 0) + 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      lane.taken--
      const left = lane.held.get(owner)! - 1
      if (left > 0) lane.held.set(owner, left)
      else lane.held.delete(owner)
    }
  }

  return {
    add(id) {
      if (queued.has(id)) return
      const { lane: name, owner } = placeOf(id)
      const { waiting } = laneOf(name)
      const ids = waiting.get(owner) ?? new Set()
      waiting.set(owner, ids)
      ids.add(id)
      queued.set(id, ids)
    },
    has: (id) => queued.has(id),
    next() {
      for (const lane of lanes.values()) {
        const taken = lane.taken < width ? take(lane) : undefined
        if (taken) return taken
      }
      return undefined
    },
    ids: () => [...queued.keys()],
    clear() {
      queued.clear()
      for (const { waiting } of lanes.values()) waiting.clear()
    },
  }
}
