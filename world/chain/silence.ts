/** How a chain's node is told to answer nobody for so many ms; 0 ends it. */
export const SILENCE_METHOD = 'world_silence'
/** It ends by itself, whatever becomes of who asked for it. */
const SILENCE_MS_MAX = 60_000
/** The chain goes on meanwhile: only its node does not answer. */
const MINES = 'evm_mine'

/**
 * A node that hangs for a while, as real ones do: what it is asked waits until the silence is over and is answered then, also what somebody has sent and no
 * longer waits for.
 */
export function silence() {
  let ending: PromiseWithResolvers<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function end(): void {
    clearTimeout(timer)
    ending?.resolve()
    ending = undefined
  }

  return {
    /** Begins one in place of what there is, and answers the ms that it will last. */
    begin(ms: unknown): number {
      const isSpan = typeof ms === 'number' && Number.isInteger(ms) && ms >= 0 && ms <= SILENCE_MS_MAX
      if (!isSpan) throw new Error(`${SILENCE_METHOD} takes 0 to ${SILENCE_MS_MAX} ms`)
      if (ms === 0) {
        end()
        return 0
      }
      clearTimeout(timer)
      ending ??= Promise.withResolvers<void>()
      timer = setTimeout(end, ms).unref()
      return ms
    },
    /** Resolves when this may be answered. */
    async over(method: string): Promise<void> {
      while (ending && method !== MINES) await ending.promise
    },
  }
}
