import { GatewayError } from '../../errors/gatewayError.ts'
import { createInTurn } from '../../ledger/process/inTurn.ts'
import { max } from '../../money/integers.ts'
import { createEndPass, type EndParts, isInUse } from './endPass.ts'
import type { PassId } from './facts.ts'
import type { Pass } from './pass.ts'
import type { PassRecords } from './passRecords.ts'
import { createTurns } from './turns.ts'

const SWEEP_EVERY_MS = 10_000
/** Ended in one sweep, so that many at once do not fill the queue of the books. */
const SWEEP_MAX = 200
/** No token of it is taken after its end; what was shown before has long been claimed by then. */
const GRACE_MS = 3_600_000
/** A session ends when nothing was asked of it for so long, counted anew when the gateway starts. */
export const IDLE_MS = 300_000

type Parts = EndParts &
  Readonly<{
    records: PassRecords
    log: (line: string) => void
    sweepEveryMs?: number
  }>

/** Ends passes by their time, and sessions also when nothing is asked of them any more. */
export function createPassEnds({ ground, books, splits, records, headOf, log, sweepEveryMs = SWEEP_EVERY_MS }: Parts) {
  const { clock } = ground
  const endNow = createEndPass({ ground, books, splits, headOf })
  let timer: NodeJS.Timeout | undefined
  let sweeping = false
  const turns = createTurns()
  const inTurn = createInTurn()
  /** When a session was last used: of as many as are open at most. */
  const lastUsed = new Map<PassId, number>()
  const startedAt = clock.now()

  function isDue(pass: Pass, now: number): boolean {
    if (pass.ended || isInUse(books, pass, ground.assetOf(pass.asset))) return false
    if (pass.kind !== 'session') return pass.endsAt + GRACE_MS <= now
    return pass.endsAt <= now || max(lastUsed.get(pass.id) ?? pass.boughtAt, startedAt) + IDLE_MS <= now
  }

  /** Of two at once the first ends it. Throws `request_in_progress` while work runs that it pays for. */
  const end = ({ id }: Pass): Promise<void> =>
    inTurn(id, async () => {
      const pass = records.get(id)
      if (!pass || pass.ended) return
      if (isInUse(books, pass, ground.assetOf(pass.asset)))
        throw new GatewayError('request_in_progress', 'Work that this session pays for is still running')
      await endNow(pass)
      lastUsed.delete(id)
    })

  async function sweep(): Promise<void> {
    if (sweeping) return
    sweeping = true
    const now = clock.now()
    const due = records.open().filter((pass) => isDue(pass, now))
    for (const pass of turns.inOrder(due, now).slice(0, SWEEP_MAX)) {
      try {
        await end(pass)
        turns.ended(pass)
      } catch (error) {
        // It stands as it was, and a later sweep sees it again.
        if (!turns.failed(pass, now)) continue
        const why = error instanceof Error ? error.message : 'unknown error'
        log(`the pass ${pass.id} has not ended yet, one of ${turns.count()}: ${why}`)
      }
    }
    sweeping = false
  }

  return {
    inTurn,
    end,
    touched: (id: PassId): void => void lastUsed.set(id, clock.now()),
    start(): void {
      timer = setInterval(() => void sweep(), sweepEveryMs)
      timer.unref()
    },
    close: (): void => clearInterval(timer),
  }
}
