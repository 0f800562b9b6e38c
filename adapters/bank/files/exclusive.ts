import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

/** Work that may wait for its turn; a bank rail with more is told to come back. */
const WAITING_MAX = 10_000

/** Runs one piece of work at a time, in order of calling, so that sending, looking up and reading files never interleave. */
export function exclusive(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (work) => {
    if (waiting >= WAITING_MAX) throw new GatewayError('too_busy', `${WAITING_MAX} operations of the bank rail are waiting`)
    waiting += 1
    const run = last.then(work, work)
    last = run.catch(() => undefined)
    try {
      return await run
    } finally {
      waiting -= 1
    }
  }
}
