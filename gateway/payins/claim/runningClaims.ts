export type RunningClaims = ReturnType<typeof createRunningClaims>

/** The claims whose work runs in this process, so that a copy of a request can wait for the answer. */
export function createRunningClaims() {
  const running = new Map<string, { done: Promise<void>; finish: () => void }>()

  function begin(claimKey: string): void {
    let finish: () => void = () => undefined
    const done = new Promise<void>((resolve) => {
      finish = resolve
    })
    running.set(claimKey, { done, finish })
  }

  function end(claimKey: string): void {
    running.get(claimKey)?.finish()
    running.delete(claimKey)
  }

  return {
    has: (claimKey: string): boolean => running.has(claimKey),
    end,
    /** Begins the claim. It runs until `end`, or ends at once when `work`, all that comes before the handler, throws. */
    async during<T>(claimKey: string, work: () => Promise<T>): Promise<T> {
      begin(claimKey)
      try {
        return await work()
      } catch (error) {
        end(claimKey)
        throw error
      }
    },
    /** Waits until the claim runs no more, at most `deadlineMs`; false when it still runs then. */
    async ended(claimKey: string, deadlineMs: number): Promise<boolean> {
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), deadlineMs).unref())
      return (await Promise.race([running.get(claimKey)?.done, late])) !== 'late'
    },
  }
}
