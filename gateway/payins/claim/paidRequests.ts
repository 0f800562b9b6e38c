import { unlessSpokenOver, untilSaid } from '../../audit/receipt/receiptChain.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { submitUntilKnown, submitWhenRoom } from '../../ledger/process/submit.ts'
import { USD } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books, Fact, Leg } from '../../ports/books.ts'
import type { Exposure } from '../exposure/exposure.ts'
import { postHolds } from '../settlement/legs.ts'
import { chargeRequest } from './charge.ts'
import { type ClaimParts, type ClaimRequest, type ClaimResult, claimRequest } from './claimRequest.ts'
import { type AnsweredFact, toRequestFact } from './facts.ts'
import { createGiveBack, entryAfter, type GiveBackParts } from './giveBack.ts'
import { type Answer, isByVoucher, type PaidRequest } from './paidRequest.ts'
import { endOf, ofRun } from './runClaims.ts'
import { type Runner, runData } from './runner.ts'

/** From this status on the work was not delivered, and the money goes back. */
export const FAILED_STATUS_MIN = 400

/** An answer that has begun to go out, and what its work has used of a maximum so far, in USD. */
export type Told = Readonly<{ status: number; contentType: string; used: Money }>

export type PaidRequests = ReturnType<typeof createPaidRequests>

type Parts = ClaimParts &
  GiveBackParts &
  Readonly<{
    exposure: Pick<Exposure, 'earnedLegs'>
    /** A party or a split by its name. */
    payeeOf: (name: string) => Payee
  }>

/** Claims proofs durably before the work, records the answer after it, and gives the money back when there was no work. */
export function createPaidRequests(o: Parts) {
  const giveBack = createGiveBack(o)

  /** Durable before the payer sees it; when the work failed, the money goes back in the same commit. A longer body is answered but not kept for a retry. */
  async function answer(request: PaidRequest, response: Answer): Promise<void> {
    const kept = response.body === undefined ? {} : { body: response.body }
    const data = { claimKey: request.claimKey, status: response.status, contentType: response.contentType, ...kept }
    const answered = { type: 'request.answered', id: request.receipt, at: o.clock.now(), data } as const
    const fact = toRequestFact(answered)
    if (response.status >= FAILED_STATUS_MIN) await giveBack(request, 'handler_failed', [fact])
    else if (request.metered === 'open') await answerMetered(o, request, { answered, used: response.used })
    else await deliver(request, fact)
  }

  /**
   * The payees of a use of a pass have it now, and a channel owes it. Its payer, whose money has come, may owe more from now on. Where it is booked later, the
   * booking says so.
   */
  async function deliver(request: PaidRequest, answered: Fact): Promise<void> {
    const { receipt, claimKey, runner } = request
    const held = heldUntilServed(o.books, request)
    const submission = { claims: runner === '' && held.length === 0 ? [] : [endOf(request, 'answered')], facts: [answered] }
    const now = o.records.byClaim(claimKey) ?? request
    const legs = now.collection === 'collected' ? o.exposure.earnedLegs(now) : held
    const entry = legs.length > 0 ? { entry: { id: o.ids.entry(), payment: receipt, legs } } : {}
    const outcome = await submitWhenRoom(o.books, { ...submission, ...entry })
    invariant(outcome.kind !== 'declined' || held.length === 0, `what ${receipt} holds can be taken`)
    // The answer stands whatever is told of credit.
    if (outcome.kind === 'declined') await submitWhenRoom(o.books, submission)
  }

  /** Marks that the work begins, where money was collected first, or that it begins for the time `again` after it had failed. */
  async function started(request: PaidRequest, runner: Runner | undefined, again = 0): Promise<void> {
    const { transaction } = request
    const at = o.clock.now()
    const claims = [{ key: ofRun(`request:${request.receipt}:started`, again), fingerprint: 'started' }]
    const fact = toRequestFact({
      type: 'request.started',
      id: request.receipt,
      at,
      data: {
        claimKey: request.claimKey,
        ...(transaction === '' ? {} : { transaction }),
        ...(again === 0 ? {} : { again }),
        ...runData(runner, at),
      },
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

  const told = (request: PaidRequest, use: Told): Promise<void> => recordUse(o, request, use)
  const cutOff = (request: PaidRequest): Promise<void> => endCutOff(o.records.byClaim(request.claimKey) ?? request, { answer, giveBack })
  const claim = (c: ClaimRequest): Promise<ClaimResult> => claimRequest(o, c, handBack)
  return { claim, answer, told, giveBack, cutOff, started }
}

/**
 * What the work of an answer that has begun to go out has used so far: durable, and taken also where no further word comes. A word that says no more than an
 * earlier one changes nothing.
 */
async function recordUse(o: Parts, { receipt, claimKey }: PaidRequest, { status, contentType, used }: Told): Promise<void> {
  const standing = o.records.byClaim(claimKey)
  if (standing && standing.begunStatus !== 0 && used.units <= standing.usedPrice) return
  const data = { claimKey, status, contentType, used: used.units.toString() }
  const fact = toRequestFact({ type: 'request.metered', id: receipt, at: o.clock.now(), data })
  await submitWhenRoom(o.books, { claims: [{ key: `request:${receipt}:used:${used.units}`, fingerprint: 'told' }], facts: [fact] })
}

type Endings = Readonly<{ answer: (request: PaidRequest, response: Answer) => Promise<void>; giveBack: ReturnType<typeof createGiveBack> }>

/** Nobody will say any more how the work ended: of an answer that had begun what was told of it is taken, and anything else goes back. */
async function endCutOff(request: PaidRequest, { answer, giveBack }: Endings): Promise<void> {
  const { begunStatus: status, begunType: contentType, usedPrice } = request
  if (status === 0) return giveBack(request, 'interrupted')
  await answer(request, { status, contentType, body: undefined, used: money(USD, usedPrice) })
}

/** What a use of a pass, or a voucher of a channel, has held until it was served. An authorization is collected instead. */
function heldUntilServed(books: Books, request: PaidRequest): Leg[] {
  const { receipt, rail, entry: id } = request
  if (rail !== 'book' && !isByVoucher(request)) return []
  const entry = books.entry(id)
  invariant(entry, `the entry of ${receipt} is booked`)
  return postHolds(entry)
}

/** Answers with what the work costs. */
async function answerMetered(
  o: Parts,
  request: PaidRequest,
  a: Readonly<{ answered: AnsweredFact; used: Money | undefined }>,
): Promise<void> {
  const { answered, used } = a
  const entry = o.books.entry(request.entry)
  invariant(entry, `the entry of ${request.receipt} is booked`)
  const charged = chargeRequest(request, { entry, used, payee: o.payeeOf(request.payee), booked: o.ids.entry() })
  const fact = toRequestFact({ ...answered, data: { ...answered.data, charge: charged.data } })
  const outcome = await untilSaid(async () => {
    const told = await entryAfter(o, request, { at: answered.at, news: charged.news })
    const submission = { claims: [endOf(request, 'answered'), ...charged.claims, ...told.claims], facts: [fact, ...told.facts] }
    return unlessSpokenOver(await submitWhenRoom(o.books, charged.entry ? { ...submission, entry: charged.entry } : submission))
  })
  invariant(outcome.kind !== 'declined', `what ${request.receipt} holds covers what is taken of it`)
}

/** The books have stopped or fallen silent again: the next start finds a request without an answer, and gives its money back. */
function leftToNextStart(): void {}
