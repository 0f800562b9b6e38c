import { moneyText } from '../../audit/receipt/receipt.ts'
import { goesBack } from '../../payins/pass/pass.ts'
import type { PassLeft } from '../../payins/pass/passes.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import type { KnownPayment } from '../../payins/status/statusReader.ts'
import type { UsedMandate } from '../../ports/usedMandate.ts'
import type { Faces } from '../http/faces.ts'
import { collectionView } from './collectionView.ts'

/** What comes after these, a payer has to ask for again. */
export const OPEN: ReadonlySet<PaymentState> = new Set(['held', 'collecting', 'refund_due'])

type Payins = Pick<Faces['payins'], 'passes'> & Readonly<{ collections: Pick<Faces['payins']['collections'], 'stepOf'> }>

/** Who reads a payment: `own` its payee or an operator, `byMandate` the party whose agent has made it by a mandate, or an operator. */
type Reader = Readonly<{ own: boolean; byMandate: UsedMandate | undefined }>

/** A payment as whoever knows its receipt reads it, and what its reader is told besides. */
export function paymentAnswer({ passes, collections }: Payins, payment: KnownPayment, { own, byMandate }: Reader) {
  const pass = passes.find(payment.receipt.payment)
  const step = collections.stepOf(payment.receipt.payment)
  return {
    ...paymentView(payment),
    final: isFinal(payment, pass),
    ...(pass ? { pass: passView(pass) } : {}),
    ...(step ? { collection: collectionView(step) } : {}),
    ...(byMandate ? { mandate: usedMandateView(byMandate) } : {}),
    ...(own ? ownView(payment) : {}),
  }
}

/** By what it was made, with where the tokens are. */
export function usedMandateView({ agent, paymentSha256, checkoutSha256 }: UsedMandate) {
  return { agent, payment_sha256: paymentSha256, checkout_sha256: checkoutSha256 ?? null, mandate_url: `/v1/agents/${agent}/mandate` }
}

/** What is left of the pass that was bought or used. A pass for a time has nothing that could be used up. */
function passView({ pass: { id, kind, uses, endsAt, ended, receipt }, left, uses: usesLeft }: PassLeft) {
  return {
    id,
    kind,
    uses: kind === 'uses' ? uses : null,
    uses_left: kind === 'uses' ? Number(usesLeft) : null, // not money: a count
    left: kind === 'time' ? null : moneyText(left),
    ends_at: new Date(endsAt).toISOString(),
    ended,
    receipt,
  }
}

/** Of a budget that lasts something may still go back. */
function isFinal({ receipt, status: { state } }: KnownPayment, left: PassLeft | undefined): boolean {
  if (OPEN.has(state)) return false
  if (!left || !goesBack(left.pass) || left.pass.receipt !== receipt.id || state !== 'settled') return true
  return left.pass.ended && left.pass.backMsat === 0n
}

/** What its payer knows or is owed, and nothing of anybody else. */
function paymentView({ receipt, status: { state, reason, disputed, charged, evidence, changedAt } }: KnownPayment) {
  const { id, rail, paid, price, resource, issued_at: createdAt } = receipt
  const { entry, transaction = null, block = null, blockHash = null, paymentHash = null } = evidence
  return {
    id,
    object: 'payment',
    status: state,
    reason: reason ?? null,
    disputed,
    rail,
    paid,
    ...(receipt.upto ? { upto: true, charged: charged ?? null } : {}),
    price,
    resource,
    evidence: { entry, transaction, block, block_hash: blockHash, payment_hash: paymentHash },
    receipt_url: `/v1/receipts/${id}`,
    created_at: createdAt,
    changed_at: new Date(changedAt).toISOString(),
  }
}

/** What the payee and the operator see besides. */
function ownView({ receipt: { payment, payee, split, parts } }: KnownPayment) {
  return { payment, payee, split, parts }
}
