import { endedRing } from '../../ledger/process/endedRing.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { evmRail, type RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { authorizationFrom, claimedRequest, isFinished, type PaidRequest, requestAfter } from './paidRequest.ts'

/** Finished requests that stay in memory, so that a proof sent twice is mostly answered from there: about 10 MB. */
const FINISHED_KEPT = 10_000

export type RequestRecords = ReturnType<typeof createRequestRecords>

/**
 * Paid requests as the journal's facts make them: all that something may still happen to, and the newest finished ones. Older ones are read back by
 * `createFindRequest`, so that memory does not grow with the journal. Bodies of answers stay in the journal; `answeredSeq` says where.
 */
export function createRequestRecords(books: Books, options: { finishedKept?: number } = {}) {
  const { finishedKept = FINISHED_KEPT } = options
  const byClaim = new Map<string, PaidRequest>()
  const byReceipt = new Map<string, string>()
  const byAuthorization = new Map<string, string>()
  const ring = endedRing(finishedKept)
  /** Only authorizations that may still have to be collected are kept. */
  const held = new Map<string, Authorization>()
  const exposure = new Map<string, bigint>()
  const distrusted = new Set<string>()
  const exceptions: { id: string; rail: string; what: string; at: number }[] = []

  function keep(request: PaidRequest): void {
    const { claimKey, receipt } = request
    const before = byClaim.get(claimKey)
    byClaim.set(claimKey, request)
    byReceipt.set(receipt, claimKey)
    if (isFinished(request) && !(before && isFinished(before))) end(claimKey)
  }

  /** It takes the place of the one that ended first, which leaves memory. */
  function end(claimKey: string): void {
    const gone = byClaim.get(ring.push(claimKey) ?? '')
    if (!gone) return
    byReceipt.delete(gone.receipt)
    byClaim.delete(gone.claimKey)
  }

  function addExposure({ payer }: PaidRequest, units: bigint): void {
    const owed = (exposure.get(payer) ?? 0n) + units
    if (owed === 0n) exposure.delete(payer)
    else exposure.set(payer, owed)
  }

  function endHold(request: PaidRequest): void {
    held.delete(request.claimKey)
    byAuthorization.delete(authorizationKey(request.claimKey))
    addExposure(request, -request.units)
  }

  function derive(): void {
    byReceipt.clear()
    byAuthorization.clear()
    for (const { claimKey, receipt } of byClaim.values()) byReceipt.set(receipt, claimKey)
    for (const claimKey of held.keys()) byAuthorization.set(authorizationKey(claimKey), claimKey)
  }

  const tables = { byClaim, finished: ring.ended, oldest: ring.oldest, held, exposure, distrusted, exceptions }
  books.remember({ name: 'settlement.requests', form: 1, tables, apply, derive })

  function apply(fact: Fact, seq: number): void {
    const d = fact.data as Record<string, string> & { authorization?: Record<string, string | number> }
    if (fact.type === 'request.claimed') {
      const request = claimedRequest(fact, seq)
      keep(request)
      if (!d.authorization) return
      held.set(request.claimKey, authorizationFrom(d.authorization))
      byAuthorization.set(authorizationKey(request.claimKey), request.claimKey)
      addExposure(request, request.units)
      return
    }
    const claimKey = fact.type === 'settlement.booked' ? byReceipt.get(d.request ?? '') : ofRequest(fact.type) ? d.claimKey : undefined
    if (claimKey === undefined) return
    if (d.exception && fact.type !== 'settlement.booked') exceptions.push({ id: fact.id, rail: d.rail!, what: d.exception, at: fact.at })
    const request = byClaim.get(claimKey)
    if (!request) return
    if (fact.type === 'collection.failed') distrusted.add(request.payer)
    const next = requestAfter(request, fact, seq)
    if (request.collection === 'held' && next.collection !== 'held') endHold(request)
    keep(next)
  }

  return {
    byClaim: (claimKey: string): PaidRequest | undefined => byClaim.get(claimKey),
    byAuthorization: (rail: RailName, reference: string): PaidRequest | undefined =>
      byClaim.get(byAuthorization.get(`${rail} ${reference.toLowerCase()}`) ?? ''),
    authorization: (claimKey: string): Authorization | undefined => held.get(claimKey),
    heldKeys: (): readonly string[] => [...held.keys()],
    /** What we have served or are serving this payer for, on authorizations not collected yet. */
    exposure: (payer: string): bigint => exposure.get(payer) ?? 0n,
    /** A payer whose authorization once could not be collected pays before the work from then on. */
    distrusted: (payer: string): boolean => distrusted.has(payer),
    /** Requests that were not served and whose money did not go back. */
    exceptions: (): readonly Readonly<{ id: string; rail: string; what: string; at: number }>[] => exceptions,
    unfinished: (): readonly PaidRequest[] => [...byClaim.values()].filter((r) => r.state === 'claimed'),
  }
}

function ofRequest(type: string): boolean {
  return type.startsWith('request.') || type.startsWith('collection.')
}

/** `evm:<chain>:<token>:<from>:<nonce>` of a claim, as the chain's rail reports it: a payer may use one nonce on two chains. */
function authorizationKey(claimKey: string): string {
  const [, chainId, , from, nonce] = claimKey.split(':')
  return `${evmRail(Number.parseInt(chainId!, 10))} auth:${from}:${nonce}`.toLowerCase() // not money: a chain's id
}
