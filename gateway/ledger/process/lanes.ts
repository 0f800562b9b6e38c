import { invariant } from '../../errors/invariant.ts'

/** Runs one step of each payout at a time, and so many payouts at once. */
export type Lanes = Readonly<{
  /** Queues it; resolves after its first run, which may leave it waiting for another. */
  push(id: string): Promise<void>
  /** Starts nothing more, and resolves when what runs has ended. */
  close(): Promise<void>
}>

/**
 * A first-in first-out queue with `width` lanes. `run` answers in how many milliseconds it wants to run again, or undefined when it is done; waiting
 * holds no lane. The caller bounds how many ids are open. An error of `run` goes to `onError`, and the id is not run again.
 */
export function createLanes(o: {
  width: number
  run: (id: string) => Promise<number | undefined>
  onError: (id: string, error: unknown) => void
}): Lanes {
  const ready: { id: string; ran: () => void }[] = []
  const timers = new Map<string, NodeJS.Timeout>()
  const known = new Set<string>()
  const running = new Set<Promise<void>>()
  let closed = false

  function start(): void {
    while (!closed && running.size < o.width) {
      const next = ready.shift()
      if (!next) return
      const run = runOnce(next.id).finally(() => {
        running.delete(run)
        next.ran()
        start()
      })
      running.add(run)
    }
  }

  async function runOnce(id: string): Promise<void> {
    try {
      const againMs = await o.run(id)
      if (againMs === undefined || closed) known.delete(id)
      else
        timers.set(
          id,
          setTimeout(() => wake(id), againMs),
        )
    } catch (error) {
      known.delete(id)
      o.onError(id, error)
    }
  }

  function wake(id: string): void {
    timers.delete(id)
    ready.push({ id, ran: () => {} })
    start()
  }

  return {
    push(id) {
      invariant(!known.has(id), `${id} runs in one lane at a time`)
      if (closed) return Promise.resolve()
      known.add(id)
      return new Promise((resolve) => {
        ready.push({ id, ran: resolve })
        start()
      })
    },
    async close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      for (const { ran } of ready.splice(0)) ran()
      await Promise.all(running)
    },
  }
}
