import { readReceiptFact } from '../../audit/receipt/facts.ts'
import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import { endedRing } from '../../ledger/process/endedRing.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import { createAwayRequests } from './awayRequests.ts'
import { createDistrust } from './distrust.ts'
import { authorizationFrom, type ClaimedFact, type RequestFact, readRequestFact } from './facts.ts'
import { createHeldAuthorizations } from './heldAuthorizations.ts'
import { claimedRequest, isFinished, type PaidRequest, requestAfter } from './paidRequest.ts'
import { createReceiptHeads } from './receiptHeads.ts'

/** Finished requests that stay in memory, so that a proof sent twice is mostly answered from there: about 10 MB. */
const FINISHED_KEPT = 10_000

export type RequestRecords = ReturnType<typeof createRequestRecords>

/** A request that was not served and whose money did not go back, for a person to see. */
type RequestException = Readonly<{ id: string; rail: string; what: string; at: number }>

/**
 * Paid requests as the journal's facts make them: all that something may still happen to, and the newest finished ones. Older ones are read back by
 * `createFindRequest`, so that memory does not grow with the journal. Bodies of answers stay in the journal; `answeredSeq` says where.
 */
export function createRequestRecords(books: Books, options: { finishedKept?: number } = {}) {
  const kept = createKeptRequests(options.finishedKept ?? FINISHED_KEPT)
  const { byClaim } = kept.tables
  /** Only authorizations that may still have to be collected are kept. */
  const held = createHeldAuthorizations()
  const heads = createReceiptHeads()
  const distrust = createDistrust()
  const exceptions: RequestException[] = []

  function derive(): void {
    kept.derive()
    held.derive()
  }

  const tables = { ...kept.tables, ...held.tables, ...heads.tables, ...distrust.tables, exceptions }
  books.remember({ name: 'settlement.requests', form: 3, tables, apply, derive })

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
    const exception = known && exceptionOf(known)
    if (exception) exceptions.push(exception)
    const request = byClaim.get(claimKey)
    if (!request) return
    if (known?.type === 'collection.failed') distrust.add(request.payer, fact.at)
    const next = requestAfter(request, fact, seq)
    if (request.collection === 'held' && next.collection !== 'held') held.end(request)
    kept.keep(next)
    if (isFinished(next)) heads.end(next.receipt)
  }

  function begin(fact: ClaimedFact, seq: number): void {
    const request = claimedRequest(fact, seq)
    kept.keep(request)
    if (fact.data.authorization) held.begin(request, authorizationFrom(fact.data.authorization))
  }

  return {
    byClaim: (claimKey: string): PaidRequest | undefined => byClaim.get(claimKey),
    byAuthorization: (rail: RailName, reference: string): PaidRequest | undefined => byClaim.get(held.claimOf(rail, reference) ?? ''),
    authorization: (claimKey: string): Authorization | undefined => held.get(claimKey),
    /** The last entry of a receipt's chain, while its authorization may still be collected or its work fail. */
    headOf: (receipt: string): ChainHead | undefined => heads.of(receipt),
    heldKeys: (): readonly string[] => held.keys(),
    /** What authorizations of this payer that are not collected yet will take on this chain. */
    reserved: held.reserved,
    /** A payer whose authorization could not be collected pays before the work for a month, or until ten thousand others have failed since. */
    distrusted: distrust.has,
    /** Requests that were not served and whose money did not go back. */
    exceptions: (): readonly RequestException[] => exceptions,
    /** Requests whose answers other processes owe. */
    away: kept.away,
    /** How many of them are owed by the runners of this caller. */
    awayOf: kept.awayOf,
    unfinished: (): readonly PaidRequest[] => [...byClaim.values()].filter((r) => r.state === 'claimed'),
  }
}

/** The receipt of the paid request whose money the chain took or gave back by this fact; '' for every other fact. */
function settledReceipt(fact: Fact): string {
  const known = readSettlementFact(fact)
  if (known?.type === 'settlement.booked') return known.data.request ?? known.data.payment ?? ''
  return known?.type === 'settlement.demoted' ? (known.data.payment ?? '') : ''
}

function exceptionOf(fact: RequestFact): RequestException | undefined {
  if (fact.type !== 'request.interrupted' && fact.type !== 'request.handler_failed') return undefined
  const { rail, exception } = fact.data
  return exception ? { id: fact.id, rail, what: exception, at: fact.at } : undefined
}

/** Requests by their claims and receipts. Of those that ended only the newest `finishedMax` stay. */
function createKeptRequests(finishedMax: number) {
  const byClaim = new Map<string, PaidRequest>()
  const byReceipt = new Map<string, string>()
  const ring = endedRing(finishedMax)
  const away = createAwayRequests()

  /** It takes the place of the one that ended first, which leaves memory. */
  function end(claimKey: string): void {
    const gone = byClaim.get(ring.push(claimKey) ?? '')
    if (!gone) return
    byReceipt.delete(gone.receipt)
    byClaim.delete(gone.claimKey)
  }

  return {
    tables: { byClaim, finished: ring.ended, oldest: ring.oldest },
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
    keep(request: PaidRequest): void {
      const { claimKey, receipt } = request
      const before = byClaim.get(claimKey)
      byClaim.set(claimKey, request)
      byReceipt.set(receipt, claimKey)
      away.keep(request)
      if (isFinished(request) && !(before && isFinished(before))) end(claimKey)
    },
  }
}
