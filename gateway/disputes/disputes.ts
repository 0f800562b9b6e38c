import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { drive, type Steps } from '../ledger/process/drive.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import { min } from '../money/integers.ts'
import type { Money } from '../money/money.ts'
import { toDisputeFact } from '../payins/dispute/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import { wantedOf } from '../refunds/createRefund.ts'
import type { NamedAmount } from '../refunds/taking.ts'
import { type Decision, decide, reserveOf } from './decide.ts'
import { type Dispute, isOf, stepKey } from './dispute.ts'
import type { DisputeContext } from './disputeContext.ts'
import { type DisputeEffect, nextEffect } from './nextEffect.ts'
import { ALL, type OpenDispute, openDispute, requireRoom } from './openDispute.ts'
import { type SubmitEvidence, submitEvidence } from './submitEvidence.ts'

/** Steps at once; each is a commit. */
const WIDTH = 8
/** What cannot be decided now, because liquidity is short, is looked at again. */
const RETRY_MS = 30_000
/** More steps than any dispute takes without waiting. */
const STEPS_MAX = 4
/** Timers count to 2^31 - 1 ms; what waits longer looks again. */
const WAIT_MS_MAX = 86_400_000

type InTurn = <T>(receipt: string, work: () => Promise<T>) => Promise<T>
type Parts = DisputeContext &
  Readonly<{
    /** The payment by its receipt or its intent. */
    payment: (of: string) => Promise<KnownPayment>
    /** One refund or dispute of a payment at a time: they write to one chain of entries of its receipt. */
    inTurn: InTurn
    onFatal?: ((error: unknown) => void) | undefined
  }>

export type Disputes = ReturnType<typeof createDisputes>

/** Disputes, each with its time and its one end. Its records must have been made before the books started. */
export function createDisputes(context: Parts) {
  const { records, refunds, inTurn } = context
  const { clock, log } = refunds
  const opening = createUnderWay()
  const driven = drive<Dispute, DisputeEffect>({
    name: 'dispute',
    records,
    next: (dispute) => nextEffect(dispute, clock.now()),
    steps: stepsOf(context),
    width: WIDTH,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal: context.onFatal,
  })

  function known(id: string): Dispute {
    const dispute = records.get(id)
    if (!dispute) throw new GatewayError('not_found', `There is no dispute ${id.slice(0, 60)}`)
    return dispute
  }
  const inTurnOf = <T>(id: string, work: (dispute: Dispute) => Promise<T>): Promise<T> =>
    inTurn(known(id).data.receipt, () => work(known(id)))

  return {
    payment: context.payment,
    /** What of it would be disputed. */
    wanted: (payment: KnownPayment, amount: NamedAmount | undefined): Money => wantedOf(refunds, payment, { amount, asker: undefined }),
    /** Puts aside what is disputed. Throws `too_many_open` and what `openDispute` does. */
    async open({ of, ...o }: Omit<OpenDispute, 'payment'> & Readonly<{ of: string }>): Promise<Dispute> {
      const { receipt } = await context.payment(of)
      requireRoom(context, opening, receipt.payee)
      return opening.during([receipt.payee, ALL], () =>
        inTurn(receipt.id, async () => openDispute(context, { ...o, payment: await context.payment(receipt.id) })),
      )
    },
    get: known,
    /** One that is not this party's is as if it were not there. */
    own(id: string, asker: string | undefined): Dispute {
      const dispute = records.get(id)
      if (!dispute || (asker !== undefined && !isOf(dispute, asker)))
        throw new GatewayError('not_found', 'There is nothing of yours under this id')
      return dispute
    },
    /** See `submitEvidence`. */
    submit: (id: string, evidence: SubmitEvidence): Promise<void> => inTurnOf(id, (dispute) => submitEvidence(context, dispute, evidence)),
    /** See `decide`. */
    decide: (id: string, decision: Decision): Promise<Dispute> => inTurnOf(id, (dispute) => decide(context, dispute, decision)),
    /** What each open one holds, to be compared with its account. */
    reserved: (): readonly Readonly<{ dispute: string; amount: Money }>[] =>
      records.open().map((dispute) => ({ dispute: dispute.id, amount: reserveOf(dispute) })),
    start(): void {
      records.onChange(driven.wake)
      void driven.resume()
    },
    close: driven.close,
  }
}

function stepsOf(context: Parts): Steps<Dispute, DisputeEffect> {
  const { refunds, records, inTurn } = context
  return {
    none: () => 'wait',
    wait: () => 'wait',
    evidence: (_, { untilMs }) => min(untilMs - refunds.clock.now(), WAIT_MS_MAX),
    async expire({ id, data }) {
      await inTurn(data.receipt, () => expire(context, records.get(id)!))
      return undefined
    },
  }
}

/** By the operator's rule it is lost, where so much may go without another person and its money has come; else an operator decides. */
async function expire(context: Parts, dispute: Dispute): Promise<void> {
  const { refunds, unanswered, spare } = context
  if (nextEffect(dispute, refunds.clock.now()).kind !== 'expire') return
  const spared = unanswered === 'lost' ? spare(dispute.data.payee, dispute.amount) : undefined
  if (!spared) return leaveToOperator(context, dispute)
  const { facts, done } = spared
  try {
    await decide(context, dispute, { outcome: 'lost', cause: 'expired', by: 'gateway', along: () => ({ claims: [], facts }) })
  } catch (error) {
    // Its chain has taken the payment back, perhaps for good, and a person says what becomes of the reserve.
    if (isGatewayError(error, 'not_refundable')) return await leaveToOperator(context, dispute)
    // Somebody else was quicker, and the next look sees what they did.
    if (!isGatewayError(error, 'dispute_not_due')) throw error
  } finally {
    done()
  }
}

async function leaveToOperator({ refunds: { books, clock } }: Parts, dispute: Dispute): Promise<void> {
  const { id } = dispute
  await submitUntilKnown(books, {
    claims: [{ key: stepKey(dispute), fingerprint: 'expired' }],
    facts: [toDisputeFact({ type: 'dispute.expired', id, at: clock.now(), data: {} })],
  })
}
