/** Work that is done one piece after the other. */
type SingleTurn = Readonly<{
  /** Takes a turn soon, with all that arrives until then, and another one for as long as there is more. */
  schedule(): void
  /** Waits until nothing runs or is about to. */
  idle(): Promise<void>
  /** Does this alone, between two turns. */
  alone<T>(work: () => Promise<T>): Promise<T>
}>

/** `take` does one turn and does not reject; `more` says whether another one is due. */
export function createSingleTurn({ take, more }: { take: () => Promise<void>; more: () => boolean }): SingleTurn {
  let scheduled = false
  let working: Promise<unknown> | undefined

  function schedule(): void {
    if (scheduled || working) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      occupy(take())
    })
  }

  function occupy(work: Promise<unknown>): void {
    working = work.finally(() => {
      working = undefined
      if (more()) schedule()
    })
  }

  async function idle(): Promise<void> {
    while (scheduled || working) await (working ?? new Promise((resolve) => setImmediate(resolve)))
  }

  return {
    schedule,
    idle,
    async alone(work) {
      await idle()
      const mine = work()
      occupy(mine.catch(() => undefined))
      return mine
    },
  }
}
