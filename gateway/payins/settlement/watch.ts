import { isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Receiver, Settlement } from '../../ports/receiver.ts'
import { bookingOf } from './booking.ts'
import type { Booking, BookingContext, Movement } from './bookingContext.ts'
import { declinedDemotion, demotionOf, returnOf, takenBackId } from './demotion.ts'
import { move } from './legs.ts'
import { settlementId } from './settlementId.ts'

const RESTART_MS = 500
const BUSY_WAIT_MS = 50
/** A settlement whose hold is gone is decided anew so often at most, then it is parked. */
const DECIDE_MAX = 10
/** A move between two places waits so many times for attempts whose outcome the rail knows and the books not yet. */
const MOVE_DECIDE_MAX = 200

/** Books everything that the rails report, one rail after its own order, each settlement once. A stream that breaks is taken up at its cursor. */
export function watchSettlements(o: {
  books: Books
  context: BookingContext
  receivers: readonly Receiver[]
  ids: IdSource
  /** The facts of one block of the journal. */
  factsAt: (seq: number) => Promise<readonly Fact[]>
  log: (line: string) => void
}) {
  const stop = new AbortController()
  const loops = o.receivers.map((receiver) => loop(receiver))

  async function loop(receiver: Receiver): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const stream = receiver.settlements(o.context.settlements.cursor(receiver.rail), { signal: stop.signal })
        for await (const settlement of stream) await bookOnce(settlement)
      } catch (error) {
        if (!stop.signal.aborted)
          o.log(
            `${receiver.rail}: the stream of settlements broke, taking it up again: ${error instanceof Error ? error.message : 'unknown error'}`,
          )
      }
      if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RESTART_MS))
    }
  }

  /** Submits until the books have an answer. The claim on the settlement's id makes a second report harmless. */
  async function bookOnce(settlement: Settlement): Promise<void> {
    if (o.books.claim(`settlement:${settlementId(settlement)}`)) return
    for (let decided = 1; ; decided++) {
      const entry = o.ids.next('en_') as EntryId
      const booking = await decide(settlement, entry)
      try {
        const outcome = await submit(entry, booking)
        if (outcome.kind === 'applied' || outcome.kind === 'replayed') return
        // Somebody closed the intent or the hold in between: decide again on what stands now.
        if (outcome.kind === 'conflict' && !outcome.with.key.startsWith('settlement:')) continue
        if (outcome.kind === 'conflict') return o.log(`${settlement.rail}: ${settlement.id} was reported twice with different amounts`)
        // The hold that it would have posted was let go, or a voucher took of the deposit, in between: the views say so now.
        if (outcome.kind === 'declined' && decided < DECIDE_MAX && mayChange(settlement, outcome.status)) continue
        const waits = outcome.kind === 'declined' && settlement.kind === 'moved' && decided < MOVE_DECIDE_MAX
        if (outcome.kind === 'declined' && isMovement(settlement) && !waits) return await park(settlement, booking, outcome.status)
        if (outcome.kind === 'declined' && !waits) return await leaveStanding(settlement, booking, outcome.status)
      } catch (error) {
        if (!isGatewayError(error, 'too_busy')) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS))
    }
  }

  async function decide(s: Settlement, entry: EntryId): Promise<Booking> {
    const context = { ...o.context, books: o.books }
    if (isMovement(s)) return returnOf(s, entry, context) ?? bookingOf(s, entry, o.context)
    const of = takenBackId(s)
    const claim = of === undefined ? undefined : o.books.claim(`settlement:${of}`)
    const facts = claim ? await o.factsAt(claim.seq) : []
    return demotionOf(
      s,
      facts.find(({ type, id }) => type === 'settlement.booked' && id === of),
      entry,
      context,
    )
  }

  /** The payee has spent what should go back: nothing is booked, and the exception says how much the books hold too much. */
  async function leaveStanding(s: Settlement, booking: Booking, status: string): Promise<void> {
    o.log(`${s.rail}: ${s.id} could not be taken back (${status}); the rail holds less than the books`)
    await submit(o.ids.next('en_') as EntryId, declinedDemotion(s, booking, status))
  }

  function submit(entry: EntryId, booking: Booking) {
    const { claims, facts, legs, payment } = booking
    return submitSurely(o.books, { claims, facts, ...(legs.length > 0 ? { entry: { id: entry, payment, legs } } : {}) })
  }

  /** The entry that should be was declined (no liquidity to convert, say): what came in is never lost, it stands in suspense as an exception. */
  async function park(s: Movement, booking: Booking, status: string): Promise<void> {
    o.log(`${s.rail}: ${s.id} could not be booked where it belongs (${status}); it stands in suspense`)
    const [fact] = booking.facts
    const incoming = s.kind === 'received' || s.kind === 'swept'
    const legs = incoming ? [move(accounts.rail(s.rail, s.place), accounts.suspense(s.rail), s.amount)] : []
    const entry = o.ids.next('en_') as EntryId
    const { entry: _, ...told } = fact!.data
    const parked = incoming ? { suspense: `could not be booked: ${status}`, entry } : {}
    const data = { ...told, exception: `declined: ${status}`, ...parked }
    await submit(entry, { claims: booking.claims.slice(0, 1), facts: [{ ...fact!, data }], legs, payment: settlementId(s) })
  }

  return {
    async close(): Promise<void> {
      stop.abort()
      await Promise.allSettled(loops)
    },
  }
}

/** What was declined for what another submission did meanwhile: decided on what stands now, it may fit. */
function mayChange({ kind }: Settlement, status: string): boolean {
  return status.startsWith('pending_transfer_') || kind === 'vouched' || kind === 'withdrawn'
}

function isMovement(s: Settlement): s is Movement {
  return s.kind !== 'demoted'
}
