import { type ApprovalLimits, type Whose, whoseOf } from '../approvals/limits.ts'
import type { Money } from '../money/money.ts'
import type { OpenedRefunds } from '../refunds/openRefunds.ts'
import type { Unanswered } from './disputeContext.ts'
import { createDisputeRecords } from './disputeRecords.ts'
import { createDisputes, type Disputes } from './disputes.ts'

type Parts = Readonly<{
  refunds: Pick<OpenedRefunds, 'context' | 'given'>
  limits: Pick<ApprovalLimits, 'weigh' | 'spare'>
  /** The operator's rule for a dispute whose time passes without evidence. */
  unanswered: Unanswered
  onFatal?: (error: unknown) => void
}>

/** What payers contest. Call it before the books start. */
export function openDisputes({ refunds: { context, given }, limits, unanswered, onFatal }: Parts): Disputes {
  return createDisputes({
    refunds: context,
    records: createDisputeRecords(context.books, context.assetOf),
    unanswered,
    spare: (payee, amount) => spareOf(limits, whoseOf(payee), amount),
    payment: (of) => given.payment(of, undefined),
    inTurn: given.inTurn,
    onFatal,
  })
}

function spareOf(limits: Parts['limits'], whose: Whose, amount: Money) {
  const weighed = limits.weigh(whose, amount)
  return weighed.needs.length > 0 ? undefined : limits.spare(whose, weighed)
}
