/** Lets a bounded number in at a time; the rest wait in order, and beyond a bound are turned away. */
type Gate = Readonly<{
  /** Resolves when there is room; false at once when too many wait already. A caller that got true must `leave`. */
  enter(): Promise<boolean>
  leave(): void
  /** Takes a place without waiting, over the limit if need be: for what is inside already at start. */
  occupy(): void
  inside(): number
}>

export function createGate(limit: number, waitingLimit: number): Gate {
  let inside = 0
  const waiting: (() => void)[] = []
  return {
    async enter() {
      if (inside < limit) {
        inside += 1
        return true
      }
      if (waiting.length >= waitingLimit) return false
      // The place is handed over by `leave`, so `inside` does not change here.
      await new Promise<void>((resolve) => waiting.push(resolve))
      return true
    },
    leave() {
      const next = inside <= limit ? waiting.shift() : undefined
      if (next) next()
      else inside -= 1
    },
    occupy() {
      inside += 1
    },
    inside: () => inside,
  }
}

/** Runs one task at a time, in the order of the calls. */
export function createMutex(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    last = run.catch(() => undefined)
    return run
  }
}
