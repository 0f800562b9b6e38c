import type { Clock } from '../../ports/clock.ts'

/** One round after another, with a pause between; a clock that a test moves ends the pause. */
export function createRounds(o: Readonly<{ round: () => Promise<void>; everyMs: number; clock: Clock; stop: AbortSignal }>) {
  return async (): Promise<void> => {
    while (!o.stop.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, o.everyMs).unref()
        const forget = o.clock.onMoved?.(end)
        o.stop.addEventListener('abort', end, { once: true })
        function end() {
          clearTimeout(timer)
          forget?.()
          resolve()
        }
      })
      if (!o.stop.aborted) await o.round()
    }
  }
}
