import { headIn, updateFacts } from '../../audit/receipt/receiptChain.ts'
import type { ReceiptUpdate } from '../../audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown, submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Claim, Fact } from '../../ports/books.ts'
import { type ClaimParts, type ClaimRequest, type ClaimResult, claimRequest } from './claimRequest.ts'
import { toRequestFact } from './facts.ts'
import type { Answer, PaidRequest } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'
import { reversalOf } from './reversal.ts'
import { type Runner, runData } from './runner.ts'

/** From this status on the work was not delivered, and the money goes back. */
export const FAILED_STATUS_MIN = 400

export type PaidRequests = ReturnType<typeof createPaidRequests>

/** Claims proofs durably before the work, records the answer after it, and gives the money back when there was no work. */
export function createPaidRequests(
  o: ClaimParts & Readonly<{ records: RequestRecords; factsAt: (seq: number) => Promise<readonly Fact[]> }>,
) {
  /** Durable before the payer sees it; when the work failed, the money goes back in the same commit. A longer body is answered but not kept for a retry. */
  async function answer(request: PaidRequest, response: Answer): Promise<void> {
    const kept = response.body === undefined ? {} : { body: response.body }
    const data = { claimKey: request.claimKey, status: response.status, contentType: response.contentType, ...kept }
    const fact = toRequestFact({ type: 'request.answered', id: request.receipt, at: o.clock.now(), data })
    if (response.status >= FAILED_STATUS_MIN) await giveBack(request, 'handler_failed', [fact])
    else await submitWhenRoom(o.books, { claims: request.runner === '' ? [] : [endOf(request, 'answered')], facts: [fact] })
  }

  /** The work failed or was cut off: the money goes back, once, with `also` in the same commit. */
  async function giveBack(request: PaidRequest, why: 'interrupted' | 'handler_failed', also: readonly Fact[] = []): Promise<void> {
    const { receipt, claimKey, rail } = request
    const at = o.clock.now()
    const { legs, claims, facts, state, stays } = reversalOf(o.books, o.records.byClaim(claimKey) ?? request, at)
    const ending = (exception?: string): Fact => {
      const data = { claimKey, rail, ...(exception === undefined ? {} : { exception }) }
      return toRequestFact({ type: `request.${why}`, id: receipt, at, data })
    }
    const once = endOf(request, why)
    const entry = legs.length > 0 ? { id: o.ids.entry(), payment: receipt, legs } : undefined
    const told = state ? await update(request, at, entry ? { state, entry: entry.id } : { state }) : []
    const submission = { claims: [once, ...claims], facts: [...also, ...facts, ending(stays), ...told], ...(entry ? { entry } : {}) }
    const outcome = await submitWhenRoom(o.books, submission)
    // The payee has spent it already: the facts stand without the entry, and the exception is listed.
    if (outcome.kind === 'declined') await submitWhenRoom(o.books, { claims: [once], facts: [...also, ending(outcome.status)] })
  }

  /** What the receipt says now. Its chain is in memory, or has but the receipt, which is in the block of the claim. */
  async function update({ receipt, seq }: PaidRequest, at: number, news: Pick<ReceiptUpdate, 'state' | 'entry'>): Promise<Fact[]> {
    const head = o.records.headOf(receipt) ?? headIn(await o.factsAt(seq), receipt)
    return updateFacts(head, at, { ...news, reason: 'not_served' })
  }

  /** Marks that the work begins, where money was collected first. */
  async function started(request: PaidRequest, runner: Runner | undefined): Promise<void> {
    const { transaction } = request
    const at = o.clock.now()
    const claims = [{ key: `request:${request.receipt}:started`, fingerprint: 'started' }]
    const fact = toRequestFact({
      type: 'request.started',
      id: request.receipt,
      at,
      data: { claimKey: request.claimKey, ...(transaction === '' ? {} : { transaction }), ...runData(runner, at) },
    })
    const outcome = await submitUntilKnown(o.books, { claims, facts: [fact] })
    if (outcome.kind !== 'applied') throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
  }

  /**
   * Its caller was refused before the books knew that they had taken it. What was collected first and not begun runs when the payer repeats the request,
   * and another process may still ask for its run: its time will tell.
   */
  function handBack(request: PaidRequest): void {
    if (!request.settleFirst && request.runner === '') void giveBack(request, 'interrupted').catch(leftToNextStart)
  }

  return { claim: (c: ClaimRequest): Promise<ClaimResult> => claimRequest(o, c, handBack), answer, giveBack, started }
}

/**
 * What ends a request that may end in two ways at once: the answer of another process may come when its time is over. Whichever is durable first stands.
 */
function endOf({ receipt }: PaidRequest, how: 'answered' | 'interrupted' | 'handler_failed'): Claim {
  return { key: `request:${receipt}:given_back`, fingerprint: how }
}

/** The books have stopped or fallen silent again: the next start finds a request without an answer, and gives its money back. */
function leftToNextStart(): void {}
