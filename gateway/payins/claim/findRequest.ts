import type { Books, Fact } from '../../ports/books.ts'
import { type ClaimedFact, readRequestFact } from './facts.ts'
import { claimedRequest, type PaidRequest, requestAfter } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'

/** A fact and the block that it stands in. */
export type PlacedFact = Fact & Readonly<{ seq: number }>

/** Finds the request that a proof has paid for. */
export type FindRequest = (claimKey: string) => Promise<PaidRequest | undefined>

/**
 * Finds a request by the claim of its proof, however old: the newest are in memory, and the books remember of every claim which block took it.
 * `factsAt` reads that block, `factsOf` what was said of a receipt since; it throws `reads_behind` when that can not be told yet.
 */
export function createFindRequest(o: {
  books: Pick<Books, 'claim'>
  records: Pick<RequestRecords, 'byClaim'>
  factsAt: (seq: number) => Promise<readonly Fact[]>
  factsOf: (receipt: string) => Promise<readonly PlacedFact[]>
}): FindRequest {
  async function readBack(claimKey: string): Promise<PaidRequest | undefined> {
    const taken = o.books.claim(claimKey)
    if (!taken) return undefined
    const facts = await o.factsAt(taken.seq)
    const claimed = claimedIn(facts, claimKey)
    // Judged, and not durable yet: whoever claims it now is told by the books.
    if (!claimed) return undefined
    let request = claimedRequest(claimed, taken.seq)
    for (const fact of await o.factsOf(claimed.id)) request = requestAfter(request, fact, fact.seq)
    return request
  }

  return async (claimKey) => o.records.byClaim(claimKey) ?? (await readBack(claimKey)) ?? o.records.byClaim(claimKey)
}

function claimedIn(facts: readonly Fact[], claimKey: string): ClaimedFact | undefined {
  for (const fact of facts) {
    const known = readRequestFact(fact)
    if (known?.type === 'request.claimed' && known.data.claimKey === claimKey) return known
  }
  return undefined
}
