import { GatewayError } from '../../errors/gatewayError.ts'
import { createUnderWay } from '../../ledger/process/underWay.ts'
import type { AccountPath } from '../../ports/books.ts'

/** Requests that ask rails for terms at one time, and of these of one source. Who is slow is the payee's server, and that must not keep out all others. */
const ASKING_MAX = 128
const ASKING_OF_ONE_MAX = 4
/** Under this name all are counted; no source has it. */
const ALL = 'all'

/**
 * Bounds what requests ask of rails: `ask` runs while its source has few others, and of them no more than there are places free. Refuses with `too_busy`.
 * What payouts ask once they are made queues in their lanes instead.
 */
export type Asking = <T>(source: AccountPath, ask: () => Promise<T>) => Promise<T>

export function createAsking(): Asking {
  const asking = createUnderWay()
  return async (source, ask) => {
    const [own, all] = [asking.of(source), asking.of(ALL)]
    if (own >= ASKING_OF_ONE_MAX || own >= ASKING_MAX - all) {
      const words = own >= ASKING_OF_ONE_MAX ? `${own} requests of this party` : `${all} requests`
      throw new GatewayError('too_busy', `${words} are asking rails for terms already`, {
        hint: 'Nothing was taken. Ask again after the seconds in Retry-After, when the rails have answered.',
      })
    }
    return asking.during([ALL, source], ask)
  }
}
