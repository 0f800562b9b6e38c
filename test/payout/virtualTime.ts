type Timer = { at: number; order: number; run: () => void; every: number | undefined; unref(): Timer; ref(): Timer; hasRef(): boolean }

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
  const timers = new Set<Timer>()
  let now = startMs
  let order = 0
  let ready = 0

  function set(run: () => void, ms: number, every: number | undefined): Timer {
    const timer: Timer = {
      at: now + Math.max(1, ms),
      order: order++,
      run,
      every,
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
    clearTimeout: (timer: Timer | undefined) => void (timer && timers.delete(timer)),
    clearInterval: (timer: Timer | undefined) => void (timer && timers.delete(timer)),
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
      const at = Math.min(...[...timers].map((timer) => timer.at))
      if (at > until) return false
      now = Math.max(now, at)
      const due = [...timers].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at || a.order - b.order)
      for (const timer of due) {
        // Another one of the same moment may have cleared it.
        if (!timers.has(timer)) continue
        if (timer.every === undefined) timers.delete(timer)
        else timer.at = now + timer.every
        timer.run()
      }
      await turn()
      return true
    },
    jump(at) {
      now = Math.max(now, at)
    },
    forget: () => timers.clear(),
    uninstall: () => void Object.assign(globalThis, real),
  }
}
