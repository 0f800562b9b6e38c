import type { TestClock } from '../../gateway/ports/clock.ts'
import { clockAhead } from '../webhooks/clockAhead.ts'

const MS_PER_S = 1_000

/** A clock that a test moves. It begins as the machine's. */
export function testClock(): TestClock {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const seconds = new Int32Array(shared)
  const sleepers = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of [...sleepers]) wake()
  }
  return {
    now: clockAhead(shared),
    elapsedMs: () => performance.now() + Atomics.load(seconds, 0) * MS_PER_S,
    shared,
    aheadS: () => Atomics.load(seconds, 0),
    putAhead(ahead) {
      if (ahead <= Atomics.load(seconds, 0)) return
      Atomics.store(seconds, 0, ahead)
      // Not from within the books, which tell of the fact that moves it.
      setImmediate(wakeAll)
    },
    onMoved(told) {
      sleepers.add(told)
      return () => sleepers.delete(told)
    },
  }
}
