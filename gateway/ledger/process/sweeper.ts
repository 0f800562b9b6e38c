type Sweeper = Readonly<{
  /** Begins to sweep. `onFatal` is told of an error of a sweep; the next one comes all the same. */
  start(onFatal: (error: unknown) => void): void
  /** Sweeps no more, and resolves when the one that runs has ended. */
  close(): Promise<void>
}>

/** Runs `sweep` every so many ms, one at a time; keeps no process alive. */
export function createSweeper(sweep: () => Promise<void>, everyMs: number): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | undefined
  return {
    start(onFatal) {
      timer = setInterval(() => {
        sweeping ??= sweep()
          .catch(onFatal)
          .finally(() => {
            sweeping = undefined
          })
      }, everyMs).unref()
    },
    async close() {
      clearInterval(timer)
      await sweeping
    },
  }
}
