import { readReceiptFact } from '../../audit/receipt/facts.ts'
import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import { endedRing } from '../../ledger/process/endedRing.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { BesideBooking } from '../settlement/bookingContext.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import { createAwayRequests } from './awayRequests.ts'
import { besideBooking } from './bookedLate.ts'
import { createDistrust } from './distrust.ts'
import { authorizationFrom, type ClaimedFact, type RequestFact, readRequestFact } from './facts.ts'
import { createHeldAuthorizations } from './heldAuthorizations.ts'
import { asCharged, claimedRequest, isFinished, mayRunAgain, type PaidRequest, requestAfter } from './paidRequest.ts'
import { createReceiptHeads } from './receiptHeads.ts'
import { createUnservedExceptions } from './unservedExceptions.ts'

/** Finished requests that stay in memory, so that a proof sent twice is mostly answered from there: about 10 MB. */
const FINISHED_KEPT = 10_000
/** Requests whose work may be done again stay in memory as long as there are no more; an older one keeps the answer that it had. */
const UNSERVED_KEPT = 1_000

export type RequestRecords = ReturnType<typeof createRequestRecords>

/**
 * Paid requests as the journal's facts make them: all that something may still happen to, and the newest finished ones. Older ones are read back by
 * `createFindRequest`, so that memory does not grow with the journal. Bodies of answers stay in the journal; `answeredSeq` says where.
 */
export function createRequestRecords(books: Books, options: { finishedKept?: number } = {}) {
  const kept = createKeptRequests(options.finishedKept ?? FINISHED_KEPT)
  const { byClaim } = kept.tables
  /** Only authorizations that may still have to be collected are kept. */
  const held = createHeldAuthorizations()
  const [heads, distrust, exceptions] = [createReceiptHeads(), createDistrust(), createUnservedExceptions()]

  function derive(): void {
    kept.derive()
    held.derive()
  }

  const tables = { ...kept.tables, ...held.tables, ...heads.tables, ...distrust.tables, ...exceptions.tables }
  books.remember({ name: 'settlement.requests', form: 7, tables, apply, derive })

  function apply(fact: Fact, seq: number): void {
    const entry = readReceiptFact(fact)
    const known = readRequestFact(fact)
    if (entry) heads.note(entry, byClaim.get(kept.claimOf(entry.id) ?? ''))
    else if (known?.type === 'request.claimed') begin(known, seq)
    else change(fact, known, seq)
  }

  function change(fact: Fact, known: RequestFact | undefined, seq: number): void {
    const claimKey = known?.data.claimKey ?? kept.claimOf(settledReceipt(fact))
    if (claimKey === undefined) return
    if (known) exceptions.note(known)
    const request = byClaim.get(claimKey)
    if (!request) return
    if (known?.type === 'collection.failed') distrust.add(request.payer, fact.at)
    const next = requestAfter(request, fact, seq)
    if (request.collection === 'held' && next.collection !== 'held') held.end(request)
    const gone = kept.keep(next)
    if (gone) heads.end(gone.receipt)
    if (isFinished(next)) heads.end(next.receipt)
  }

  function begin(fact: ClaimedFact, seq: number): void {
    const request = claimedRequest(fact, seq)
    kept.keep(request)
    if (fact.data.authorization) held.begin(request, authorizationFrom(fact.data.authorization))
  }

  return {
    byClaim: (claimKey: string): PaidRequest | undefined => byClaim.get(claimKey),
    byAuthorization(rail: RailName, reference: string): PaidRequest | undefined {
      const request = byClaim.get(held.claimOf(rail, reference) ?? '')
      return request && asCharged(request)
    },
    /** With what is taken of it, where it is over a maximum. */
    authorization: (claimKey: string): Authorization | undefined => withCharge(held.get(claimKey), byClaim.get(claimKey)),
    /** What is booked with the money of this receipt, when it comes. */
    besideBooking: (receipt: string, at: number): BesideBooking => besideBooking(books, byClaim.get(kept.claimOf(receipt) ?? ''), at),
    /** The last entry of a receipt's chain, while its authorization may still be collected or its work fail. */
    headOf: (receipt: string): ChainHead | undefined => heads.of(receipt),
    heldKeys: (): readonly string[] => held.keys(),
    /** What authorizations of this payer that are not collected yet will take on this chain. */
    reserved: held.reserved,
    /** A payer whose authorization could not be collected pays before the work for a month, or until ten thousand others have failed since. */
    distrusted: distrust.has,
    /** Requests that were not served and whose money did not go back. */
    exceptions: exceptions.all,
    /** Requests whose answers other processes owe. */
    away: kept.away,
    /** How many of them are owed by the runners of this caller. */
    awayOf: kept.awayOf,
    unfinished: (): readonly PaidRequest[] => [...byClaim.values()].filter((r) => r.state === 'claimed'),
  }
}

function withCharge(authorization: Authorization | undefined, request: PaidRequest | undefined): Authorization | undefined {
  return authorization && request?.metered === 'charged' ? { ...authorization, charge: request.chargedUnits } : authorization
}

/** The receipt of the paid request whose money the chain took or gave back by this fact; '' for every other fact. */
function settledReceipt(fact: Fact): string {
  const known = readSettlementFact(fact)
  if (known?.type === 'settlement.booked') return known.data.request ?? known.data.payment ?? ''
  return known?.type === 'settlement.demoted' ? (known.data.payment ?? '') : ''
}

/** It may run again, and nothing else will happen to it. */
function rests(request: PaidRequest): boolean {
  return mayRunAgain(request) && request.collection !== 'held'
}

/** Requests by their claims and receipts. Of those that ended only the newest `finishedMax` stay, and of those that may run again so many. */
function createKeptRequests(finishedMax: number) {
  const byClaim = new Map<string, PaidRequest>()
  const byReceipt = new Map<string, string>()
  const ring = endedRing(finishedMax)
  const unserved = endedRing(UNSERVED_KEPT)
  const away = createAwayRequests()

  /** It takes the place of the one that came into the ring first, which leaves memory if it is still as it was then. */
  function leave(claimKey: string | undefined, isAsThen: (request: PaidRequest) => boolean): PaidRequest | undefined {
    const gone = byClaim.get(claimKey ?? '')
    if (!gone || !isAsThen(gone)) return undefined
    byReceipt.delete(gone.receipt)
    byClaim.delete(gone.claimKey)
    return gone
  }

  return {
    tables: { byClaim, finished: ring.ended, oldest: ring.oldest, unserved: unserved.ended, oldestUnserved: unserved.oldest },
    derive(): void {
      byReceipt.clear()
      away.clear()
      for (const request of byClaim.values()) {
        byReceipt.set(request.receipt, request.claimKey)
        away.keep(request)
      }
    },
    away: away.all,
    awayOf: away.countOf,
    claimOf: (receipt: string): string | undefined => byReceipt.get(receipt),
    /** Answers which one leaves memory for it that might have run again. */
    keep(request: PaidRequest): PaidRequest | undefined {
      const { claimKey, receipt } = request
      const before = byClaim.get(claimKey)
      byClaim.set(claimKey, request)
      byReceipt.set(receipt, claimKey)
      away.keep(request)
      if (isFinished(request) && !(before && isFinished(before))) leave(ring.push(claimKey), isFinished)
      return rests(request) && !(before && rests(before)) ? leave(unserved.push(claimKey), rests) : undefined
    },
  }
}
