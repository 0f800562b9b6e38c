export type Bell = Readonly<{ ring(): void; wait(signal: AbortSignal): Promise<void> }>

/** Wakes all who wait: streams that have read everything. Waiting ends with the ring or the signal. */
export function createBell(): Bell {
  let waiting: (() => void)[] = []
  return {
    ring() {
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    },
    wait: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake)
          waiting = waiting.filter((one) => one !== wake)
          resolve()
        }
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', wake)
        waiting.push(wake)
      }),
  }
}
