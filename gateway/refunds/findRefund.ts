import { hash } from 'node:crypto'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { money } from '../money/money.ts'
import { owedUnder } from '../payins/refund/owed.ts'
import { readRefundLink } from '../payins/refund/refundLink.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { PayoutView } from '../payouts/payoutState/view.ts'
import type { ReceiptId } from '../ports/ids.ts'
import { invoiceMsat, waiting } from './beginToPay.ts'
import { type GivenRefund, type RefundStatus, refundAccount, refundStatus } from './givenRefund.ts'
import { paidFrom, type Refund, refundState, tryId } from './refund.ts'
import type { RefundContext } from './refundContext.ts'

/** So often something may be tried, since each try is written down; then an operator refunds it. */
export const RECEIPT_TRIES_MAX = 20

/** What a link opens: what is owed under a receipt, or a refund of its own. Throws `not_found` for what is no link of ours. */
export function createFindRefund(context: RefundContext, givenOf: (id: string) => GivenRefund): (link: string) => Promise<Refund> {
  const { assetOf, bookAsset, books, challengeKeys, findPayment, payouts } = context

  async function ofReceipt({ id, k1, of }: Readonly<{ id: string; k1: string; of: string }>): Promise<Refund> {
    const payment = await findPayment(of)
    if (!payment) throw new GatewayError('not_found', 'There is no such refund')
    const { rail, payee, paid, id: receipt } = payment.receipt
    const owed = owedUnder(books, receipt, [assetOf(paid.asset), bookAsset])
    const tries = triesOf(payouts, receipt)
    return { id, k1, receipt, rail, payee, state: refundState(owed, tries), owed, from: paidFrom(payment.receipt), tries }
  }

  return async (link) => {
    const known = readRefundLink(challengeKeys.refund, link)
    if (!known) throw new GatewayError('not_found', 'There is no such refund')
    return known.of.startsWith('rf_') ? ofGiven(context, known, givenOf(known.of)) : ofReceipt(known)
  }
}

const STATES: Readonly<Record<RefundStatus, Refund['state']>> = {
  pending: 'paying',
  needs_claim: 'due',
  sending: 'paying',
  unknown: 'unknown',
  succeeded: 'refunded',
  failed: 'none',
  expired: 'none',
  canceled: 'none',
}

/** A refund of its own as the holder of its link sees it. */
function ofGiven(context: RefundContext, { id, k1 }: Readonly<{ id: string; k1: string }>, refund: GivenRefund): Refund {
  const { receipt, rail, payee, way } = refund.data
  const status = refundStatus(refund)
  const left = waiting(context, refund)
  const underWay = money(left.asset, context.books.balance(refundAccount(refund), left.asset).debitsPending)
  const from = way.kind === 'to' && way.to.kind === 'evm_address' && way.to.on ? { rail: way.to.on, account: way.to.address } : undefined
  return {
    id,
    k1,
    receipt,
    rail,
    payee,
    state: STATES[status],
    owed: { total: refund.amount, left, underWay, isGone: refund.end !== undefined },
    from,
    tries: refund.tries.map(({ payout }) => context.payouts.get(payout)),
    given: refund,
    invoiceMsat: status === 'needs_claim' ? invoiceMsat(left) : undefined,
  }
}

/** The payouts that were made for what is owed under a receipt. */
export function triesOf(payouts: Pick<Payouts, 'get'>, receipt: ReceiptId): PayoutView[] {
  const tries: PayoutView[] = []
  while (tries.length < RECEIPT_TRIES_MAX) {
    const next = found(payouts, idOf(receipt, tries.length))
    if (!next) return tries
    tries.push(next)
  }
  return tries
}

/** Undefined when there is none of this id. */
export function found(payouts: Pick<Payouts, 'get'>, id: string): PayoutView | undefined {
  try {
    return payouts.get(id)
  } catch (error) {
    if (isGatewayError(error, 'not_found')) return undefined
    throw error
  }
}

/** The name of a try, by its place. */
export function idOf(receipt: ReceiptId, place: number): ReturnType<typeof tryId> {
  return tryId(receipt, hash('sha256', `refund ${receipt} ${place}`, 'hex'))
}
