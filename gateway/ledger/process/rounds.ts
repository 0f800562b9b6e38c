/** Runs one round of each id at a time, so many ids at once, and again when it is told to or its time has come. */
export type Rounds = Readonly<{
  /** Runs it soon; once more when it is running. */
  wake(id: string): void
  /** Starts nothing more, and resolves when what runs has ended. */
  close(): Promise<void>
}>

/** `run` answers in how many milliseconds it wants to run again at the latest, or undefined when only a wake is worth it. An error goes to `onError`. */
export function createRounds(o: {
  width: number
  run: (id: string) => Promise<number | undefined>
  onError: (id: string, error: unknown) => void
}): Rounds {
  const ready = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  function start(): void {
    for (const id of ready) {
      if (closed || running.size >= o.width) return
      if (running.has(id)) continue
      ready.delete(id)
      clearTimeout(timers.get(id))
      timers.delete(id)
      running.set(
        id,
        once(id).finally(() => {
          running.delete(id)
          start()
        }),
      )
    }
  }

  async function once(id: string): Promise<void> {
    try {
      const againMs = await o.run(id)
      if (againMs === undefined || closed) return
      const timer = setTimeout(() => wake(id), againMs)
      timers.set(id, timer)
    } catch (error) {
      o.onError(id, error)
    }
  }

  function wake(id: string): void {
    if (closed) return
    ready.add(id)
    start()
  }

  return {
    wake,
    async close() {
      closed = true
      ready.clear()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      await Promise.all(running.values())
    },
  }
}
