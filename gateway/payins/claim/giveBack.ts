import { headIn, nextWord, unlessSpokenOver, untilSaid, type Word } from '../../audit/receipt/receiptChain.ts'
import type { News } from '../../audit/receipt/receiptUpdate.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RateSource } from '../../ports/rates.ts'
import { booked } from './bookedLate.ts'
import { bookedSoon } from './bookedSoon.ts'
import { toRequestFact } from './facts.ts'
import type { PaidRequest } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'
import { reversalOf } from './reversal.ts'
import { endOf } from './runClaims.ts'

export type GiveBackParts = Readonly<{
  books: Books
  records: Pick<RequestRecords, 'byClaim' | 'headOf'>
  factsAt: (seq: number) => Promise<readonly Fact[]>
  rates: RateSource
  clock: Clock
  ids: IdSource
  bookedWithinMs?: number
}>

type GiveBack = (request: PaidRequest, why: 'interrupted' | 'handler_failed', also?: readonly Fact[]) => Promise<void>

/** Gives the money of a request back whose work was not delivered. */
export function createGiveBack(o: GiveBackParts): GiveBack {
  /** The work failed or was cut off: the money goes back, once, with `also` in the same commit. */
  async function giveBack(request: PaidRequest, why: 'interrupted' | 'handler_failed', also: readonly Fact[] = []): Promise<void> {
    const { receipt, claimKey, rail } = request
    await bookedSoon(o, claimKey)
    const at = o.clock.now()
    const ending = (exception?: string): Fact => {
      const data = { claimKey, rail, ...(exception === undefined ? {} : { exception }) }
      return toRequestFact({ type: `request.${why}`, id: receipt, at, data })
    }
    const once = endOf(request, why)
    const outcome = await untilSaid(async () => {
      const { legs, claims, facts, state, stays } = reversalOf(o, o.records.byClaim(claimKey) ?? request, at)
      const entry = legs.length > 0 ? { id: o.ids.entry(), payment: receipt, legs } : undefined
      const news = state && { state, reason: 'not_served', ...(entry ? { entry: entry.id } : {}) }
      const told = news ? await entryAfter(o, request, { at, news }) : { claims: [], facts: [] }
      const submission = { claims: [once, ...claims, ...told.claims], facts: [...also, ...facts, ending(stays), ...told.facts] }
      return unlessSpokenOver(await submitWhenRoom(o.books, entry ? { ...submission, entry } : submission))
    })
    // It was booked in between, and can be given back now.
    if (outcome.kind === 'conflict' && outcome.with.key === booked(request, 'not_yet').key) return giveBack(request, why, also)
    // The payee has spent it already: the facts stand without the entry, and the exception is listed.
    if (outcome.kind === 'declined') await submitWhenRoom(o.books, { claims: [once], facts: [...also, ending(outcome.status)] })
  }

  return giveBack
}

/** What the receipt says now. Its chain is in memory, or has but the receipt, which is in the block of the claim. */
export async function entryAfter(
  o: Pick<GiveBackParts, 'records' | 'factsAt'>,
  { receipt, seq }: PaidRequest,
  { at, news }: Readonly<{ at: number; news: News }>,
): Promise<Word> {
  const head = o.records.headOf(receipt) ?? headIn(await o.factsAt(seq), receipt)
  return nextWord(head, at, news)
}
