/** Runs one round of each id at a time, so many ids at once, and again when it is told to or its time has come. */
type Rounds = Readonly<{
  /** Runs it soon; once more when it is running. */
  wake(id: string): void
  /** Resolves when all that is ready or running now has had its round, which may leave it waiting for another, or when nothing begins any more. */
  settled(): Promise<void>
  /** Starts nothing more, and resolves when what runs has ended. */
  close(): Promise<void>
}>

type RoundsOptions = Readonly<{
  width: number
  /** Answers in how many milliseconds it wants to run again at the latest, or undefined when only a wake is worth it. Waiting holds no place. */
  run: (id: string) => Promise<number | undefined>
  /** Told of an error of `run`; the id is then run again only when it is woken. */
  onError: (id: string, error: unknown) => void
}>

/** First come, first served, over `width` places. The caller bounds how many ids there are. */
export function createRounds(o: RoundsOptions): Rounds {
  const ready = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  const watches = new Set<Watch>()
  let closed = false

  function start(): void {
    for (const id of ready) {
      if (closed || running.size >= o.width) return
      if (running.has(id)) continue
      ready.delete(id)
      clearTimeout(timers.get(id))
      timers.delete(id)
      // It counts as running before its first step: who wakes it from there finds it so.
      const round = Promise.withResolvers<void>()
      running.set(id, round.promise)
      void once(id).finally(() => round.resolve(ended(id)))
    }
  }

  function ended(id: string): void {
    running.delete(id)
    if (!ready.has(id)) for (const watch of watches) strike(watch, id)
    start()
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

  function strike(watch: Watch, id: string): void {
    watch.left.delete(id)
    if (watch.left.size > 0) return
    watches.delete(watch)
    watch.resolve()
  }

  return {
    wake,
    settled: () =>
      new Promise((resolve) => {
        const left = new Set([...ready, ...running.keys()])
        if (left.size === 0) resolve()
        else watches.add({ left, resolve })
      }),
    async close() {
      closed = true
      const dropped = [...ready].filter((id) => !running.has(id))
      ready.clear()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      for (const id of dropped) for (const watch of watches) strike(watch, id)
      await Promise.all(running.values())
    },
  }
}

/** Somebody who waits until each of these has had its round. */
type Watch = Readonly<{ left: Set<string>; resolve: () => void }>
