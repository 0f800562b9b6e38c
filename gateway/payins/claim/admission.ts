import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Screening } from '../../guard/screening/screening.ts'
import { max } from '../../money/integers.ts'
import { formatAmount, type Money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Json } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { KeptAnswers, StoredAnswer } from '../../ports/keptAnswers.ts'
import type { Dust } from '../exposure/dust.ts'
import type { VerifiedProof } from '../proof/verifiedProof.ts'
import { collectable } from './chargeBy.ts'
import type { Funding } from './claimEntry.ts'
import { type ClaimResult, creditNeeded } from './claimRequest.ts'
import { type Collections, mayHaveCompany } from './collections.ts'
import { createDeferral, type DeferralParts } from './deferral.ts'
import type { FindRequest } from './findRequest.ts'
import { notCollected } from './notCollected.ts'
import { type Answer, asCharged, isAway, mayRunAgain, type PaidRequest } from './paidRequest.ts'
import type { PaidRequests, Told } from './paidRequests.ts'
import { AGAIN_LIFE_MS, checkRepeat, insteadOf, keptFor, type PaymentName, standsAs } from './replay.ts'
import type { RequestRecords } from './requestRecords.ts'
import { callerOfRunner, type Runner } from './runner.ts'
import type { RunningClaims } from './runningClaims.ts'

/**
 * A payment that a request carries, ready to be claimed. `funding` is asked only when the claim is new. `standing`: the request that its claim stood for
 * when it was read, if any.
 */
export type Payment = Readonly<{
  claimKey: string
  standing: PaidRequest | undefined
  fingerprint: string
  /** The request names itself, and its fingerprint holds the name. */
  keyed: boolean
  name?: PaymentName
  payer: string
  price: Money
  credit: Money
  /** The price is a maximum: the work says what is taken of it. */
  metered?: boolean
  proof: VerifiedProof | undefined
  /** A program that signed the request and that the operator knows. */
  agent?: string
  funding: () => Promise<Funding | undefined>
  /** What further steps of the work are paid from. */
  purse?: Purse
}>

/**
 * What the steps of one request are paid from. `fund` throws `lowCode` where it holds too little; what is then `lacking` for so many units of its asset is told
 * as the event `asks`, and where nothing comes in time as `gaveUp`. `changed` resolves once there is more, or when the signal says so.
 */
export type Purse = Readonly<{
  fund: (amount: Money) => Promise<Funding>
  lacking: (units: bigint) => Readonly<Record<string, Json>>
  changed: (signal: AbortSignal) => Promise<void>
  lowCode: 'session_balance_low' | 'session_deposit_low'
  asks: string
  gaveUp?: string
}>

/** What is paid for, as the receipt names it, by the name of its route, and whom the money is for. */
type Bought = Readonly<{ resource: string; route: string; payee: Payee }>

type KeptAnswer = Answer & Readonly<{ body: string }>

/** What a request with a payment may do: run the handler, this one time, or get the answer that stands. */
export type Admitted =
  | Readonly<{ kind: 'run'; request: PaidRequest; proof: VerifiedProof | undefined }>
  | Readonly<{ kind: 'answered'; request: PaidRequest; proof: VerifiedProof | undefined; answer: KeptAnswer }>
  /** Its answer is too long for the journal, and kept whole beside it. */
  | Readonly<{ kind: 'stored'; request: PaidRequest; proof: VerifiedProof | undefined; answer: Answer; stored: StoredAnswer }>

type Parts = DeferralParts &
  Readonly<{
    requests: Pick<PaidRequests, 'claim' | 'started' | 'answer' | 'told' | 'cutOff'>
    requestRecords: Pick<RequestRecords, 'byClaim' | 'distrusted' | 'reserved' | 'awayOf'>
    collections: Pick<Collections, 'admit' | 'now' | 'enqueue' | 'refuses' | 'join'>
    findRequest: FindRequest
    /** The answer that became durable in block `seq`. */
    answerOf: (seq: number, receipt: string) => Promise<Answer | undefined>
    /** Where answers are that are too long for the journal. */
    answers?: Pick<KeptAnswers, 'find'> | undefined
    /** The claims whose work runs, whoever runs it. */
    running: RunningClaims
    /** What gas may cost above what it brings; no limit where this is absent. */
    dust?: Pick<Dust, 'take' | 'end'> | undefined
    /** The operator's own check of payers. */
    screening?: Screening | undefined
    awayMax?: number
  }>
type Room = Omit<Parts, 'awayMax'> & Readonly<{ awayMax: number; deferral: ReturnType<typeof createDeferral> }>

const COLLECT_DEADLINE_MS = 20_000
/** A copy of a request that is running waits this long for its answer before it is told to come back. */
const COPY_DEADLINE_MS = 10_000
/** Requests that the processes of one caller may be running for payers here, so that one who answers nothing cannot fill the memory. */
const AWAY_MAX = 1_000

/** What lets a paid request run once. */
export type Admission = ReturnType<typeof createAdmission>

/** Claims a payment, lets its work run once, and records the answer. Refusals are those of a 402 or say how the claim stands. */
export function createAdmission({ awayMax = AWAY_MAX, ...parts }: Parts) {
  const room: Room = { ...parts, awayMax, deferral: createDeferral(parts) }
  return {
    /** With `runner` the work runs in another process, which is told so again when it asks again under the same name. */
    async admit(payment: Payment, bought: Bought, runner?: Runner): Promise<Admitted> {
      const { claimKey, standing } = payment
      // A copy may have come and been answered since the payment was read; one so new is in memory.
      const known = standing || room.requestRecords.byClaim(claimKey) || room.running.has(claimKey)
      return known ? repeat(room, payment, runner) : room.running.during(claimKey, () => claimNow(room, payment, { ...bought, runner }))
    },
    /** Records the answer; after good work an authorization is collected, after failed work the money has gone back with the answer. */
    async finish(request: PaidRequest, answer: Answer): Promise<void> {
      try {
        await room.requests.answer(request, answer)
        collectAfter(room, request)
      } finally {
        room.running.end(request.claimKey)
      }
    },
    /** What the work of an answer that is going out has used of its maximum so far: durable, and taken also where nothing else is said. */
    told: (request: PaidRequest, told: Told): Promise<void> => room.requests.told(request, told),
    /** Ends a request whose answer nobody will tell any more. Where that fails it runs on. */
    async cutOff(request: PaidRequest): Promise<void> {
      await room.requests.cutOff(request)
      collectAfter(room, request)
      room.running.end(request.claimKey)
    },
  }
}

function collectAfter(room: Room, { claimKey, settleFirst }: PaidRequest): void {
  const request = room.requestRecords.byClaim(claimKey)
  const collected = request?.collection === 'held' && !settleFirst
  endDust(room, claimKey, collected ? asCharged(request).price : 0n)
  if (collected) room.collections.enqueue(claimKey)
}

/** Nobody waits for it: what the books do not take of it is used up for the day. */
function endDust({ dust }: Pick<Room, 'dust'>, claimKey: string, collected: bigint): void {
  dust?.end(claimKey, collected).catch(() => undefined)
}

async function claimNow(room: Room, payment: Payment, o: Bought & Readonly<{ runner: Runner | undefined }>): Promise<Admitted> {
  const { runner, ...bought } = o
  const { claimKey, proof } = payment
  refuseTooManyAway(room, runner)
  const mayOwe = (await mayOweIt(room, payment, bought)) && !isByCode(proof)
  if (proof?.kind === 'authorization') room.collections.admit(proof)
  const funding = await payment.funding()
  if (!funding) throw new GatewayError('outcome_unknown', 'The invoice is paid, but our node has not reported it yet')
  const claimed = await claimFunded(room, payment, { ...bought, funding, runner, mayOwe })
  if (claimed.kind === 'standing') {
    room.running.end(claimKey)
    return repeat(room, standsAs(payment, claimed.request), runner)
  }
  const request = claimed.request.settleFirst ? await collectFirst(room, claimed.request, runner) : claimed.request
  return { kind: 'run', request, proof }
}

/** What its account's code has said may be otherwise a moment later, so its money comes before the work. */
function isByCode(proof: VerifiedProof | undefined): boolean {
  return proof?.kind === 'authorization' && proof.byCode === true
}

/** Asks the operator's check of a payer, before anything of it is kept. Who has paid an invoice is nobody that could be named, and has paid. */
async function mayOweIt({ screening }: Room, { payer, proof, price, agent }: Payment, { resource, route }: Bought): Promise<boolean> {
  if (!screening || proof?.kind === 'preimage') return true
  const rail = proof?.rail ?? 'book'
  const asked = { rail, price: formatAmount(price), resource, route, ...(agent === undefined ? {} : { agent }) }
  return (await screening(payer, asked)).mayOwe
}

function refuseTooManyAway({ requestRecords, awayMax }: Room, runner: Runner | undefined): void {
  if (runner && requestRecords.awayOf(callerOfRunner(runner.name)) >= awayMax)
    throw new GatewayError('too_busy', `The seller owes the answers to ${awayMax} paid requests already`)
}

/** Claims what is funded; an authorization whose payer may not owe its price is claimed to be collected first. */
async function claimFunded(
  { deferral, requests, collections, dust, clock }: Room,
  { claimKey, fingerprint, name, payer, agent, price, credit, metered = false }: Payment,
  { resource, route, payee, funding, runner, mayOwe }: Bought & Readonly<{ funding: Funding; runner: Runner | undefined; mayOwe: boolean }>,
): Promise<ClaimResult> {
  const claim = { claimKey, fingerprint, name: name?.claim, payer, resource, price, credit, metered, payee, funding, runner }
  if (!('authorization' in funding)) {
    const { done } = ('counted' in funding && funding.counted) || {}
    return requests.claim({ ...claim, settleFirst: false }).finally(done)
  }
  const { rail, authorization } = funding
  const timely = metered ? collectable(runner, authorization, clock.now()) : runner
  const { exposure: line, isCrowded, end } = await deferral.judge({ rail, authorization, payer, agent, price, route })
  const exposure = mayOwe ? line : undefined
  // It is collected now, or was refused for want of room: what waits for company has it.
  if (exposure === undefined) collections.join(rail, { isCrowded })
  try {
    if (metered && exposure === undefined) throw creditNeeded(payer)
    const alone = exposure === undefined || !mayHaveCompany(authorization)
    await dust?.take({ claimKey, rail, price, alone, metered })
    const claimed = await requests.claim({ ...claim, runner: timely, settleFirst: exposure === undefined, exposure })
    const { request } = claimed
    // What is collected first costs its gas whatever becomes of the work.
    if (claimed.kind === 'standing') endDust({ dust }, claimKey, 0n)
    else if (request.settleFirst) endDust({ dust }, claimKey, request.price)
    return claimed
  } catch (error) {
    endDust({ dust }, claimKey, 0n)
    throw error
  } finally {
    end()
  }
}

/** Collects before the work. The mark that the work begins is durable too, so that a crash can not lead to a second run. */
async function collectFirst(room: Room, request: PaidRequest, runner: Runner | undefined): Promise<PaidRequest> {
  const outcome = await room.collections.now(request.claimKey, COLLECT_DEADLINE_MS)
  if (outcome.kind === 'failed') throw notCollected(outcome.reason)
  if (outcome.kind === 'unknown' && outcome.refusal) throw notCollected(outcome.refusal)
  if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'The authorization is being collected')
  const { id } = outcome.evidence
  const collected = isHash(id) ? { ...request, transaction: id } : request
  await room.requests.started(collected, runner)
  return collected
}

function isHash(id: string): id is Hex {
  return /^0x[0-9a-f]{64}$/i.test(id)
}

/** The same proof again: the same answer for the same request, and nothing for another. */
async function repeat(room: Room, payment: Payment, runner: Runner | undefined): Promise<Admitted> {
  const { claimKey, proof } = payment
  const own = ownRun(room, payment, runner)
  if (own) return own
  if (isGoingOut(room.requestRecords.byClaim(claimKey))) throw goingOut()
  const waits = room.running.has(claimKey)
  if (waits && !(await room.running.ended(claimKey, COPY_DEADLINE_MS))) {
    const begun = ownRun(room, payment, runner)
    if (begun) return begun
    throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
  }
  // What has its answer for good keeps it; anything else is looked at as it is now.
  const { standing } = payment
  const isKept = standing?.state === 'answered' && !mayRunAgain(standing)
  const request = isKept ? standing : await room.findRequest(claimKey)
  if (!request) throw new GatewayError('request_in_progress', 'The first request with this proof was not accepted; send it again')
  const stored = room.answers?.find(request.receipt)
  checkRepeat(payment, untilGiven(request, stored, room.clock.now()), room.clock.now())
  // Who has waited for a run gets its answer, whatever it is.
  if (!waits && isDoneAgain(room, request))
    return room.running.has(claimKey) ? repeat(room, payment, runner) : runAgain(room, request, { proof, runner })
  const now = room.clock.now()
  if (request.state === 'interrupted') {
    const meta = { receipt: request.receipt, ...keptFor(request) }
    const otherwise = new GatewayError('request_interrupted', 'The work was cut off, or its answer did not come in time', { meta })
    throw insteadOf(payment, request, { now, otherwise })
  }
  if (request.state === 'claimed') return resume(room, request, { proof, runner })
  const { status = 0, contentType = '', body } = (await room.answerOf(request.answeredSeq, request.receipt)) ?? {}
  if (body === undefined && stored) {
    if (stored !== 'open') return { kind: 'stored', request, proof, answer: { status, contentType, body }, stored }
    throw goingOut()
  }
  if (body === undefined) {
    const meta = { receipt: request.receipt, status: request.status, ...keptFor(request) }
    const otherwise = new GatewayError('answer_not_kept', 'The answer was given once and was too long to keep', { meta })
    // A copy that came while the work ran has not asked for another.
    throw waits ? otherwise : insteadOf(payment, request, { now, otherwise })
  }
  return { kind: 'answered', request, proof, answer: { status, contentType, body } }
}

/** It has begun and has no end yet, which nobody waits for. */
function isGoingOut(request: PaidRequest | undefined): boolean {
  return request?.state === 'claimed' && request.begunStatus !== 0
}

function goingOut(): GatewayError {
  return new GatewayError('request_in_progress', 'The answer is still being given: when it is whole, this request gets what is kept of it')
}

/** An answer that takes long to give can be fetched for as long after its end as another one after its claim. */
function untilGiven(request: PaidRequest, stored: StoredAnswer | 'open' | undefined, now: number): PaidRequest {
  if (!stored) return request
  return { ...request, answerBy: max(request.answerBy, stored === 'open' ? now : stored.endedAt) }
}

/** Of those that have left memory for newer ones the answer stands that they had. */
function isDoneAgain({ requestRecords, clock }: Room, { claimKey, at }: PaidRequest): boolean {
  const request = requestRecords.byClaim(claimKey)
  return request !== undefined && mayRunAgain(request) && clock.now() <= at + AGAIN_LIFE_MS
}

/** The work of a request whose payees hold the money although it failed, once more. Of two processes that begin at once only one does. */
async function runAgain(
  room: Room,
  { claimKey, again }: PaidRequest,
  { proof, runner }: Readonly<{ proof: VerifiedProof | undefined; runner: Runner | undefined }>,
): Promise<Admitted> {
  refuseTooManyAway(room, runner)
  return room.running.during(claimKey, async () => {
    const { byClaim } = room.requestRecords
    const request = byClaim(claimKey)
    invariant(request, 'what may run again is in memory')
    await room.requests.started(request, runner, again + 1)
    return { kind: 'run', request: byClaim(claimKey) ?? request, proof }
  })
}

/** The run that this runner was told to begin already, when the word of it was lost on the way. */
function ownRun({ requestRecords }: Room, { claimKey, fingerprint, proof }: Payment, runner: Runner | undefined): Admitted | undefined {
  const request = requestRecords.byClaim(claimKey)
  if (!runner || !request || !isAway(request) || request.runner !== runner.name || request.fingerprint !== fingerprint) return undefined
  return { kind: 'run', request, proof }
}

/** Claimed, not run: only an authorization that is collected first gets here, when its outcome was not known in time. */
async function resume(
  room: Room,
  request: PaidRequest,
  { proof, runner }: Readonly<{ proof: VerifiedProof | undefined; runner: Runner | undefined }>,
): Promise<Admitted> {
  if (request.collection === 'failed') throw new GatewayError('payment_not_collected', 'The chain refused the authorization')
  // Anything else that is claimed runs now, or did and could not be recorded: it must not run a second time.
  if (request.started || !request.settleFirst)
    throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
  return room.running.during(request.claimKey, async () => {
    if (request.collection === 'held') return { kind: 'run', request: await collectFirst(room, request, runner), proof }
    await room.requests.started(request, runner)
    return { kind: 'run', request, proof }
  })
}
