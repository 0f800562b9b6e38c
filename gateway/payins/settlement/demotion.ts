import { isWordClaim, nextWord, type Word } from '../../audit/receipt/receiptChain.ts'
import { type ChainHead, headOf, updateAfter } from '../../audit/receipt/receiptUpdate.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Settlement } from '../../ports/receiver.ts'
import { movesOf, repeatMoves } from './bookedMoves.ts'
import type { Booking, BookingContext, Movement } from './bookingContext.ts'
import { transactionOf } from './chainEvidence.ts'
import { type BookedData, type BookedFact, type DemotedData, type ReportData, readSettlementFact, toSettlementFact } from './facts.ts'
import { keptForPayer, takesKept } from './keptForPayer.ts'
import { move } from './legs.ts'
import { settlementId } from './settlementId.ts'

/** `head`: where the chain of the receipt stands that the settlement was booked with. */
type Context = Pick<BookingContext, 'settlements' | 'splits' | 'headOf'> & Readonly<{ books: Books; head: ChainHead | undefined }>

/** What tells a movement from others, in whichever block and transaction the chain includes it. */
function movementKey(s: Omit<Settlement, 'id' | 'cursor' | 'at'>): string {
  const { rail, place, amount, reference = '', payer = '', splitId = '', account = '', attemptId = '', channelId = '' } = s
  const kind = s.takesBack?.kind ?? s.kind
  return [rail, kind, place, amount.asset.id, amount.units, reference, payer, splitId, account, attemptId, channelId]
    .join('|')
    .toLowerCase()
}

/** The id, unique over all rails, of the settlement that a demotion takes back; undefined for a payout that came to nothing. */
export function takenBackId({ rail, takesBack }: Settlement): string | undefined {
  return takesBack && settlementId({ rail, ...takesBack })
}

/**
 * What it means to the books that the chain took a settlement back: an entry that undoes what it booked, and an exception for a person to see.
 * `booked` is that settlement's fact; without it nothing was booked, and never will be under that id. `entry` is the id of the entry to come.
 */
export function demotionOf(s: Settlement, booked: BookedFact | undefined, entry: EntryId, c: Context): Booking {
  const of = takenBackId(s)
  if (of === undefined) return undonePayout(s, entry)
  const claims = [{ key: `settlement:${settlementId(s)}`, fingerprint: of }]
  const fact = (more: Omit<DemotedData, keyof ReportData | 'settlement' | 'movement'>): Fact => {
    const data = { ...report(s), settlement: of, movement: movementKey(s), ...more }
    return toSettlementFact({ type: 'settlement.demoted', id: settlementId(s), at: s.at, data })
  }
  if (!booked) {
    const never = { key: `settlement:${of}`, fingerprint: 'demoted' }
    return { claims: [...claims, never], facts: [fact({ outcome: 'never_booked' })], legs: [], payment: of }
  }
  const told = s.takesBack?.kind === 'spent' ? {} : { exception: `the chain replaced the block of ${of}; its booking is taken back` }
  const original = booked.data.entry
  if (original === undefined) return { claims, facts: [fact({ outcome: 'taken_back', ...told })], legs: [], payment: of }
  // Suspense is one account for all that waits, so what was taken out of it meanwhile would come back out of what is others'.
  if (booked.data.suspense !== undefined && c.settlements.waiting(of)?.amount.units !== s.amount.units) {
    const exception = `the chain replaced the block of ${of}; what stood in suspense is not there any more`
    return { claims, facts: [fact({ outcome: 'declined', booked: original, exception })], legs: [], payment: of }
  }
  const { received, onPot, split } = potOf(s, booked.data.potReceived !== undefined, c)
  const pot = onPot ? { onPot: 'yes' as const, splitId: s.splitId ?? '', potReceived: (received - s.amount.units).toString() } : {}
  const paidTo = s.takesBack?.kind === 'claimed' && s.splitId && s.account ? { splitId: s.splitId, account: s.account } : {}
  const payment = c.books.entry(original)?.payment ?? of
  const { rest, takeBack } = keptForPayer(c.books, payment, movesOf(c.books, original))
  const legs = [...takeBack, ...repeatMoves(rest, { undo: true, split, received })]
  const { word, head } = heldAgain(c.head, s.at)
  const facts = [fact({ outcome: 'taken_back', booked: original, payment, ...head, ...pot, ...paidTo, ...told }), ...word.facts]
  return { claims: [...claims, ...word.claims], facts, legs, payment }
}

/** The receipt of what was taken back says so. What has none, or was booked before receipts had chains, says nothing. */
function heldAgain(before: ChainHead | undefined, at: number): Readonly<{ word: Word; head: Readonly<{ head?: ChainHead }> }> {
  const news = { state: 'held', reason: 'reorganised' } as const
  return { word: nextWord(before, at, news), head: before ? { head: headOf(updateAfter(before, at, news)) } : {} }
}

/**
 * The same demotion when an account has not what should go back: the old entry stands, and what the books hold too much is named. What was paid back to its
 * payer meanwhile is not its payee's to make good, and its receipt goes on saying that it went back.
 */
export function declinedDemotion(s: Settlement, booking: Booking, status: string): Booking {
  const [fact, ...updates] = booking.facts
  const demoted = fact && readSettlementFact(fact)
  invariant(demoted?.type === 'settlement.demoted', 'a demotion has its fact')
  const wasKept = takesKept(booking.legs, booking.payment)
  const { potReceived: _, head, ...data } = demoted.data
  const why = wasKept ? `${status}: of what it brought something was put aside for its payer` : status
  const exception = `the chain replaced the block of ${takenBackId(s) ?? s.id}; its booking could not be taken back (${why})`
  const told = wasKept || !head ? {} : { head }
  const declined = toSettlementFact({ ...demoted, data: { ...data, ...told, outcome: 'declined', exception } })
  // A number that is claimed has its entry, or nothing could be said after it.
  const claims = wasKept ? booking.claims.filter((claim) => !isWordClaim(claim)) : booking.claims
  return { ...booking, claims, facts: [declined, ...(wasKept ? [] : updates)], legs: [] }
}

/** A movement that was demoted is on the chain again: it is booked as it was, or merely stands again when that could not be taken back. */
export async function returnOf(s: Movement, entry: EntryId, c: Omit<Context, 'head'>): Promise<Booking | undefined> {
  const demoted = c.settlements.demoted(movementKey(s))
  if (!demoted) return undefined
  const id = settlementId(s)
  const { received, onPot, split } = potOf(s, demoted.onPot, c)
  const stood = demoted.outcome === 'declined'
  const pot = onPot ? { potReceived: (stood ? received : received + s.amount.units).toString() } : {}
  const payment = c.books.entry(demoted.booked)?.payment ?? id
  // A refund may have ended meanwhile, or a dispute.
  const head = (demoted.head && (await c.headOf?.(demoted.head.receipt))) ?? demoted.head
  const { rest, keepAgain, isAll } = keptForPayer(c.books, payment, movesOf(c.books, demoted.booked))
  const data: BookedData = {
    ...report(s),
    kind: s.kind,
    instead: demoted.settlement,
    payment,
    entry: stood ? demoted.booked : entry,
    ...pot,
    ...(s.splitId ? { splitId: s.splitId } : {}),
    ...(s.account ? { account: s.account } : {}),
  }
  const claims = [{ key: `settlement:${id}`, fingerprint: `${s.kind}:${s.amount.asset.id}:${s.amount.units}` }]
  const state = !stood && isAll ? 'refund_due' : 'settled'
  const word = nextWord(head, s.at, { state, ...transactionOf(s), ...(stood ? {} : { entry }) })
  const facts = [toSettlementFact({ type: 'settlement.booked', id, at: s.at, data }), ...word.facts]
  const legs = stood ? [] : [...repeatMoves(rest, { undo: false, split, received }), ...keepAgain]
  return { claims: [...claims, ...word.claims], facts, legs, payment }
}

function potOf(s: Omit<Settlement, 'kind'>, onPot: boolean, c: Omit<Context, 'head'>) {
  const split = s.splitId ? c.splits.bySplitId(s.splitId) : undefined
  const received = onPot && s.splitId ? c.settlements.potReceived(s.rail, s.splitId) : 0n
  return { split, received, onPot }
}

/** A payout that its payee was told of is not on the chain any more, and can not be again: the money is here, and whose it is a person decides. */
function undonePayout(s: Settlement, entry: EntryId): Booking {
  const attempt = s.attemptId ?? ''
  const exception = `payout attempt ${attempt} was settled, and a reorganisation of the chain undid it; the payee is not paid`
  const data: BookedData = { ...report(s), kind: s.kind, entry, reference: attempt, suspense: exception, exception }
  return {
    claims: [{ key: `settlement:${settlementId(s)}`, fingerprint: attempt }],
    facts: [toSettlementFact({ type: 'settlement.booked', id: settlementId(s), at: s.at, data })],
    legs: [move(accounts.rail(s.rail, s.place), accounts.suspense(s.rail), s.amount)],
    payment: attempt,
  }
}

function report(s: Omit<Settlement, 'kind'>): ReportData {
  const { rail, place, cursor, amount } = s
  return { rail, place, cursor, asset: amount.asset.id, units: amount.units.toString() }
}
