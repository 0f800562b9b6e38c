/** Who waits in this process for money with a reference. */
export function createReferenceWaiters() {
  const waiters = new Map<string, (() => void)[]>()
  return {
    /** Resolves when the reference is woken, or after `deadlineMs`. */
    wait: (reference: string, deadlineMs: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, deadlineMs)
        const wake = () => {
          clearTimeout(timer)
          resolve()
        }
        waiters.set(reference, [...(waiters.get(reference) ?? []), wake])
      }),
    wake(reference: string): void {
      for (const wake of waiters.get(reference) ?? []) wake()
      waiters.delete(reference)
    },
  }
}
