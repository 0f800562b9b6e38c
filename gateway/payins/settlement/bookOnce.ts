import { headIn, isWordClaim, SAY_TRIES_MAX, unlessSpokenOver } from '../../audit/receipt/receiptChain.ts'
import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Submitted, submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Settlement } from '../../ports/receiver.ts'
import { bookingOf } from './booking.ts'
import type { Booking, BookingContext, Manner, Movement } from './bookingContext.ts'
import { declinedDemotion, demotionOf, returnOf, takenBackId } from './demotion.ts'
import { type BookedFact, readSettlementFact, toSettlementFact } from './facts.ts'
import { move } from './legs.ts'
import { settlementId } from './settlementId.ts'

const BUSY_WAIT_MS = 50
/** A settlement whose hold is gone is decided anew so often at most, then it is parked. */
const DECIDE_MAX = 10
/** A move between two places waits so many times for attempts whose outcome the rail knows and the books not yet. */
const MOVE_DECIDE_MAX = 200

type Parts = Readonly<{
  books: Books
  context: BookingContext
  ids: IdSource
  /** The facts of one block of the journal. */
  factsAt: (seq: number) => Promise<readonly Fact[]>
  log: (line: string) => void
}>

/** Submits a settlement until the books have an answer. The claim on its id makes a second report harmless. */
export async function bookOnce(settlement: Settlement, o: Parts): Promise<void> {
  if (o.books.claim(`settlement:${settlementId(settlement)}`)) return
  let inKind = false
  let spokenOver = 0
  for (let decided = 1; ; decided++) {
    const entry = o.ids.entry()
    const decision = await decide(settlement, entry, { ...o, inKind })
    // Money is never kept waiting by what is said of it.
    const booking = spokenOver < SAY_TRIES_MAX ? decision : withoutWord(settlement, decision, o)
    try {
      const outcome = await submit(entry, booking, o)
      if (outcome.kind === 'applied' || outcome.kind === 'replayed') return
      // Somebody closed the intent or the hold in between, or said something of the payment: decide again on what stands now.
      if (outcome.kind === 'conflict' && isWordClaim(outcome.with)) spokenOver++
      if (outcome.kind === 'conflict' && !outcome.with.key.startsWith('settlement:')) continue
      if (outcome.kind === 'conflict') return reportedTwice(settlement, booking, outcome.with, o)
      // The hold that it would have posted was let go, or a voucher took of the deposit, in between: the views say so now.
      if (decided < DECIDE_MAX && mayChange(settlement, outcome.status)) continue
      // There is not enough to convert it with: who should have it has what came. No conversion was promised that the yard must not keep.
      if (!inKind && settlement.kind === 'received') {
        inKind = true
        continue
      }
      const waits = settlement.kind === 'moved' && decided < MOVE_DECIDE_MAX
      if (!waits && isMovement(settlement)) return await park(settlement, booking, outcome.status, o)
      if (!waits && !(await isSpokenOver(leaveStanding(settlement, booking, outcome.status, o)))) return
      spokenOver++
    } catch (error) {
      if (!isGatewayError(error, 'too_busy')) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS))
  }
}

/** A report of what another process has booked meanwhile says the same, or something is wrong at the rail. */
function reportedTwice({ rail, id }: Settlement, { claims }: Booking, stands: Claim, { log }: Parts): void {
  if (claims.some(({ key, fingerprint }) => key === stands.key && fingerprint === stands.fingerprint)) return
  log(`${rail}: ${id} was reported twice with different amounts`)
}

function withoutWord({ rail, id }: Settlement, booking: Booking, { log }: Parts): Booking {
  log(`${rail}: ${id} is booked, and the chain of its receipt does not say so: its next number was taken ${SAY_TRIES_MAX} times`)
  const claims = booking.claims.filter((claim) => !isWordClaim(claim))
  return { ...booking, claims, facts: booking.facts.filter(({ type }) => type !== 'receipt.updated') }
}

async function isSpokenOver(submitted: Promise<Submitted>): Promise<boolean> {
  return unlessSpokenOver(await submitted) === undefined
}

async function decide(s: Settlement, entry: EntryId, o: Parts & Pick<Manner, 'inKind'>): Promise<Booking> {
  const context = { ...o.context, books: o.books }
  if (isMovement(s)) {
    const back = s.kind === 'received' && s.attemptId !== undefined
    const returned = back ? await o.context.returnedPayout?.(s.attemptId) : undefined
    return (await returnOf(s, entry, context)) ?? bookingOf(s, entry, o.context, { inKind: o.inKind, returned })
  }
  const of = takenBackId(s)
  const claim = of === undefined ? undefined : o.books.claim(`settlement:${of}`)
  const facts = claim ? await o.factsAt(claim.seq) : []
  const booked = bookedIn(facts, of)
  return demotionOf(s, booked, entry, { ...context, head: await headNow(booked, facts, o) })
}

/** Work may have failed after its money was booked, or was given back or contested, so the chain of its receipt has grown since that block. */
async function headNow(booked: BookedFact | undefined, facts: readonly Fact[], { books, context }: Parts): Promise<ChainHead | undefined> {
  const { entry, request, payment } = booked?.data ?? {}
  const named = request ?? (entry && books.entry(entry)?.payment) ?? payment
  const receipt = named?.startsWith('pi_') ? receiptIn(facts, named) : named
  if (!named || !receipt?.startsWith('rc_')) return undefined
  return (await context.headOf?.(receipt)) ?? headIn(facts, named)
}

/** The receipt that an intent was given when it was paid. */
function receiptIn(facts: readonly Fact[], intent: string): string | undefined {
  return facts.find(({ type, data }) => type === 'receipt.issued' && data.payment === intent)?.id
}

function bookedIn(facts: readonly Fact[], id: string | undefined): BookedFact | undefined {
  for (const fact of facts) {
    const known = readSettlementFact(fact)
    if (known?.type === 'settlement.booked' && known.id === id) return known
  }
  return undefined
}

/** The payee has spent what should go back: nothing is booked, and the exception says how much the books hold too much. */
async function leaveStanding(s: Settlement, booking: Booking, status: string, o: Parts): Promise<Submitted> {
  o.log(`${s.rail}: ${s.id} could not be taken back (${status}); the rail holds less than the books`)
  return submit(o.ids.entry(), declinedDemotion(s, booking, status), o)
}

/** The entry that should be was declined (no liquidity to convert, say): what came in is never lost, it stands in suspense as an exception. */
async function park(s: Movement, booking: Booking, status: string, o: Parts): Promise<void> {
  o.log(`${s.rail}: ${s.id} could not be booked where it belongs (${status}); it stands in suspense`)
  const entry = o.ids.entry()
  await submit(entry, parked(s, booking, status, entry), o)
}

function parked(s: Movement, booking: Booking, status: string, entry: EntryId): Booking {
  const [fact] = booking.facts
  const booked = fact && readSettlementFact(fact)
  invariant(booked?.type === 'settlement.booked' && booked.data.kind !== 'opening', 'a movement has its fact')
  const incoming = s.kind === 'received' || s.kind === 'swept'
  const legs = incoming ? [move(accounts.rail(s.rail, s.place), accounts.suspense(s.rail), s.amount)] : []
  const { entry: _, ...told } = booked.data
  const inSuspense = incoming ? { suspense: `could not be booked: ${status}`, entry } : {}
  const data = { ...told, exception: `declined: ${status}`, ...inSuspense }
  const facts = [toSettlementFact({ ...booked, data })]
  return { claims: booking.claims.slice(0, 1), facts, legs, payment: settlementId(s) }
}

function submit(entry: EntryId, { claims, facts, legs, payment }: Booking, o: Parts): Promise<Submitted> {
  return submitUntilKnown(o.books, { claims, facts, ...(legs.length > 0 ? { entry: { id: entry, payment, legs } } : {}) })
}

/** What was declined for what another submission did meanwhile: decided on what stands now, it may fit. */
function mayChange({ kind }: Settlement, status: string): boolean {
  return status.startsWith('pending_transfer_') || kind === 'vouched' || kind === 'withdrawn'
}

function isMovement(s: Settlement): s is Movement {
  return s.kind !== 'demoted'
}
