/** When to stop waiting: after `timeoutMs`, or when the signal aborts. */
export type WaitLimits = Readonly<{ timeoutMs: number; signal?: AbortSignal }>

/** Those who wait for something with an id to have its end. */
type Ends = Readonly<{
  /** Resolves when `notify` is called with the id, or at the limits. */
  wait(id: string, limits: WaitLimits): Promise<void>
  /** It has its end: nobody waits for it any more. */
  notify(id: string): void
  /** How many wait. */
  size(): number
}>

export function createEnds(): Ends {
  const waiting = new Map<string, Set<() => void>>()

  function remove(id: string, waiter: () => void): void {
    const set = waiting.get(id)
    set?.delete(waiter)
    if (set?.size === 0) waiting.delete(id)
  }

  return {
    wait: (id, { timeoutMs, signal }) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const done = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          remove(id, done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        signal?.addEventListener('abort', done)
        waiting.set(id, (waiting.get(id) ?? new Set()).add(done))
      }),
    notify(id) {
      for (const done of [...(waiting.get(id) ?? [])]) done()
    },
    size: () => [...waiting.values()].reduce((sum, set) => sum + set.size, 0),
  }
}
