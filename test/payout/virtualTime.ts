type Timer = {
  at: number
  order: number
  run: () => void
  every: number | undefined
  live: boolean
  unref(): Timer
  ref(): Timer
  hasRef(): boolean
}

/** Time that passes when it is told to. While it is installed, timers of this process wait for it; the loop of events is Node's own. */
export type VirtualTime = Readonly<{
  now(): number
  /** Lets all that is ready run. */
  turn(): Promise<void>
  /** Goes to the next timer that is due by `until`, runs what is due at that moment, and lets what follows run; false when none is left until then. */
  step(until: number): Promise<boolean>
  /** Goes forward without running anything. */
  jump(at: number): void
  /** Forgets all timers: whoever set them is dead. */
  forget(): void
  uninstall(): void
}>

/** Replaces the global timers until `uninstall`. Those of `node:timers/promises` stay real. */
export function installVirtualTime(startMs: number): VirtualTime {
  const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate }
  const timers = createQueue()
  let now = startMs
  let order = 0
  let ready = 0

  function set(run: () => void, ms: number, every: number | undefined): Timer {
    const timer: Timer = {
      at: now + Math.max(1, ms),
      order: order++,
      run,
      every,
      live: true,
      unref: () => timer,
      ref: () => timer,
      hasRef: () => false,
    }
    timers.add(timer)
    return timer
  }

  async function turn(): Promise<void> {
    do await new Promise<void>((resolve) => void real.setImmediate(resolve))
    while (ready > 0)
  }

  const virtual = {
    setTimeout: (run: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => set(() => run(...args), ms, undefined),
    setInterval: (run: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => set(() => run(...args), ms, ms),
    clearTimeout: (timer: Timer | undefined) => void (timer && timers.clear(timer)),
    clearInterval: (timer: Timer | undefined) => void (timer && timers.clear(timer)),
    setImmediate(run: (...args: unknown[]) => void, ...args: unknown[]) {
      ready++
      return real.setImmediate(() => {
        ready--
        run(...args)
      })
    },
  }
  Object.assign(globalThis, virtual)

  return {
    now: () => now,
    turn,
    async step(until) {
      const at = timers.first()?.at ?? Number.POSITIVE_INFINITY
      if (at > until) return false
      now = Math.max(now, at)
      const due: Timer[] = []
      for (let timer = timers.first(); timer && timer.at <= now; timer = timers.first()) due.push(timers.take())
      for (const timer of due) {
        // Another one of the same moment may have cleared it.
        if (!timer.live) continue
        timer.live = timer.every !== undefined
        if (timer.every !== undefined) {
          timer.at = now + timer.every
          timers.add(timer)
        }
        timer.run()
      }
      await turn()
      return true
    },
    jump(at) {
      now = Math.max(now, at)
    },
    forget: timers.forget,
    uninstall: () => void Object.assign(globalThis, real),
  }
}

/** Timers by their time and then by their order, as a heap. What is cleared is dropped when it comes to the front, or when it is most of what there is. */
function createQueue() {
  let heap: Timer[] = []
  let cleared = 0
  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function add(timer: Timer): void {
    let at = heap.push(timer) - 1
    for (let up = (at - 1) >> 1; at > 0 && isBefore(timer, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!
      at = up
    }
    heap[at] = timer
  }

  function take(): Timer {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down++
      if (!isBefore(heap[down]!, last)) break
      heap[at] = heap[down]!
      at = down
    }
    heap[at] = last
    return first
  }

  return {
    add,
    take,
    first(): Timer | undefined {
      for (; heap[0] && !heap[0].live; cleared--) take()
      return heap[0]
    },
    clear(timer: Timer): void {
      if (!timer.live) return
      timer.live = false
      if (++cleared < 1_000 || 2 * cleared < heap.length) return
      const left = heap.filter(({ live }) => live)
      heap = []
      cleared = 0
      for (const one of left) add(one)
    },
    forget(): void {
      for (const timer of heap) timer.live = false
      heap = []
      cleared = 0
    },
  }
}
