/** Runs a piece of work after all that was queued under the same name before, whatever became of that. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work)
    const ended = mine.then(
      () => undefined,
      () => undefined,
    )
    last.set(name, ended)
    try {
      return await mine
    } finally {
      // Nobody waits behind it any more.
      if (last.get(name) === ended) last.delete(name)
    }
  }
}
