import { GatewayError } from '../errors/gatewayError.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Books, Claim, Fact } from '../ports/books.ts'
import type { TestClock } from '../ports/clock.ts'
import type { LocalWorld } from '../ports/localWorld.ts'
import { readTestClockFact, toTestClockFact } from './facts.ts'

const MS_PER_S = 1_000
/** In one call: a leap year. */
const ADVANCE_S_MAX = 366 * 86_400
/** In all: ten years, far below what the seconds' memory holds. */
const AHEAD_S_MAX = 3_660 * 86_400

export type ClockView = Readonly<{ now: number; aheadS: number }>
/** So many seconds, or to a time (ms), which is rounded up to a whole second. */
type Advance = Readonly<{ byS: number }> | Readonly<{ to: number }>
type Along = (view: ClockView) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

export type ClockMoves = ReturnType<typeof createClockMoves>

/**
 * Moves the clock of a local network. Where it stands follows from the facts, so a gateway that starts again goes on at the later time. Make it before the
 * books start.
 */
export function createClockMoves({ books, clock, world }: Readonly<{ books: Books; clock: TestClock; world: Pick<LocalWorld, 'moveTo'> }>) {
  const aheadS = new Map<'test_clock', number>()
  let last: Promise<unknown> = Promise.resolve()

  books.remember({
    name: 'testMode.clock',
    form: 1,
    tables: { aheadS },
    apply(fact) {
      const moved = readTestClockFact(fact)
      if (!moved) return
      aheadS.set(moved.id, moved.data.aheadS)
      clock.putAhead(moved.data.aheadS)
    },
  })

  async function advanceNow(wanted: Advance, { by, along }: Readonly<{ by: string; along: Along }>): Promise<void> {
    const now = clock.now()
    const forwardS = 'byS' in wanted ? wanted.byS : ceilSeconds(wanted.to - now)
    if (forwardS < 1) throw refused('The clock goes forward only', { now: new Date(now).toISOString() })
    if (forwardS > ADVANCE_S_MAX) throw refused(`The clock goes forward by ${ADVANCE_S_MAX} seconds at most`, { by_s: forwardS })
    const ahead = clock.aheadS() + forwardS
    if (ahead > AHEAD_S_MAX) throw refused(`The clock stands at most ${AHEAD_S_MAX} seconds before the machine's`, { ahead_s: ahead })
    // The world first: what the gateway then does by its clock is done in a world that has the same time.
    await world.moveTo(now + forwardS * MS_PER_S)
    const { claims, facts } = along({ now: clock.now() + forwardS * MS_PER_S, aheadS: ahead })
    const moved = toTestClockFact({ type: 'test_clock.advanced', id: 'test_clock', at: clock.now(), data: { aheadS: ahead, by } })
    await submitUntilKnown(books, { claims, facts: [moved, ...facts] })
  }

  return {
    view: (): ClockView => ({ now: clock.now(), aheadS: clock.aheadS() }),
    /** One after the other. Throws `invalid_request` for a step back or too far, `rail_unavailable` when a part of the world does not come along. */
    advance(wanted: Advance, o: Readonly<{ by: string; along: Along }>): Promise<void> {
      const turn = last.then(() => advanceNow(wanted, o))
      last = turn.catch(() => undefined)
      return turn
    },
    /** Once the books have been replayed: what a snapshot knows was told by no fact. */
    start(): void {
      clock.putAhead(aheadS.get('test_clock') ?? 0)
    },
  }
}

function ceilSeconds(ms: number): number {
  return Math.ceil(ms / MS_PER_S) // not money: a time
}

function refused(what: string, meta: Readonly<Record<string, string | number>>): GatewayError {
  return new GatewayError('invalid_request', what, { meta, hint: 'Read GET /v1/test/clock, and name a later time or fewer seconds.' })
}
