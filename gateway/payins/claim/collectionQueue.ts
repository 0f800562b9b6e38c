import type { RailName } from '../../ports/railName.ts'

/** An authorization that waits to be collected. `payee`: the account that it pays; `endsAt`: its `validBefore`, ms. */
export type QueuedCollection = Readonly<{ claimKey: string; rail: RailName; payee: string; payer: string; endsAt: number }>

/** So near its end it goes before its turn. */
const ENDING_MS = 60_000

/**
 * Authorizations in the order in which they are collected, chain by chain. Payees have turns, and the payers of each payee: who brings ten thousand waits for
 * the others and not they for him. Every second place goes to what ends soon, the nearest end first; not every one, since anybody may sign what ends soon.
 */
export function createCollectionQueue() {
  const rails = new Map<RailName, ReturnType<typeof createRailQueue>>()
  let size = 0
  return {
    size: (): number => size,
    push(item: QueuedCollection): void {
      const queue = rails.get(item.rail) ?? createRailQueue()
      rails.set(item.rail, queue)
      if (queue.push(item)) size += 1
    },
    /** Takes what is next on a chain for which there is room, if anything waits there. */
    take(hasRoom: (rail: RailName) => boolean, now: number): QueuedCollection | undefined {
      for (const [rail, queue] of rails) {
        if (!hasRoom(rail)) continue
        const next = queue.take(now)
        if (queue.isEmpty()) rails.delete(rail)
        if (!next) continue
        size -= 1
        return next
      }
      return undefined
    },
  }
}

function createRailQueue() {
  const waiting = new Map<string, QueuedCollection>()
  const turns = createTurns(
    (item: QueuedCollection) => item.payee,
    () => createTurns((item) => item.payer, createLine),
  )
  const ends = createEnds()
  let wasEnding = false

  /** What went before its turn stands in the line until its turn comes. */
  function nextInTurn(): QueuedCollection | undefined {
    let next = turns.take()
    while (next && !waiting.has(next.claimKey)) next = turns.take()
    return next
  }

  return {
    /** False when it waits already. */
    push(item: QueuedCollection): boolean {
      if (waiting.has(item.claimKey)) return false
      waiting.set(item.claimKey, item)
      turns.push(item)
      ends.push(item)
      return true
    },
    take(now: number): QueuedCollection | undefined {
      const ending = wasEnding ? undefined : ends.before(now + ENDING_MS, ({ claimKey }) => waiting.has(claimKey))
      wasEnding = ending !== undefined
      const next = ending ?? nextInTurn()
      if (next) waiting.delete(next.claimKey)
      return next
    },
    isEmpty: (): boolean => waiting.size === 0,
  }
}

type Line = Readonly<{ push(item: QueuedCollection): void; take(): QueuedCollection | undefined; isEmpty(): boolean }>

function createLine(): Line {
  const items: QueuedCollection[] = []
  return { push: (item) => void items.push(item), take: () => items.shift(), isEmpty: () => items.length === 0 }
}

/** Lines by a name; each gives one in its turn. */
function createTurns(nameOf: (item: QueuedCollection) => string, createInner: () => Line): Line {
  const lines = new Map<string, Line>()
  return {
    push(item) {
      const name = nameOf(item)
      const line = lines.get(name) ?? createInner()
      line.push(item)
      lines.set(name, line)
    },
    take() {
      const first = lines.entries().next().value
      if (!first) return undefined
      const [name, line] = first
      const item = line.take()
      // A map keeps the order in which names came: behind all others now.
      lines.delete(name)
      if (!line.isEmpty()) lines.set(name, line)
      return item
    },
    isEmpty: () => lines.size === 0,
  }
}

/** A binary heap by the end: the nearest is at its top. */
function createEnds() {
  const heap: QueuedCollection[] = []
  const endOf = (at: number): number => heap[at]?.endsAt ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number): void => {
    const [left, right] = [heap[a]!, heap[b]!] // both are in the heap.
    heap[a] = right
    heap[b] = left
  }

  function pop(): void {
    const last = heap.pop()
    if (!last || heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      const child = endOf(2 * at + 1) <= endOf(2 * at + 2) ? 2 * at + 1 : 2 * at + 2
      if (endOf(child) >= endOf(at)) return
      swap(at, child)
      at = child
    }
  }

  return {
    push(item: QueuedCollection): void {
      let at = heap.push(item) - 1
      for (let parent = (at - 1) >> 1; at > 0 && endOf(at) < endOf(parent); parent = (at - 1) >> 1) {
        swap(at, parent)
        at = parent
      }
    },
    /** Takes the nearest end when it is before a time; those that do not wait any more are dropped. */
    before(time: number, waits: (item: QueuedCollection) => boolean): QueuedCollection | undefined {
      while (heap[0] && !waits(heap[0])) pop()
      const nearest = heap[0]
      if (!nearest || nearest.endsAt >= time) return undefined
      pop()
      return nearest
    },
  }
}
