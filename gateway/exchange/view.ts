import { type MoneyView, viewMoney } from '../payouts/payoutState/view.ts'
import type { IntentId, PayoutId } from '../ports/ids.ts'
import type { Metadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'
import { type Exchange, type ExchangeException, type ExchangeStatus, type ReturnReason, statusOf } from './exchange.ts'

/** How the payer pays: an invoice whose payment waits, or an intent. */
type PayView =
  | Readonly<{
      kind: 'held_invoice'
      invoice: string
      paymentHash: string
      network: string
      amount: MoneyView
      fee: MoneyView
      expiresAt: string
    }>
  | Readonly<{ kind: 'payment_intent'; intent: IntentId; amount: MoneyView; expiresAt: string; refundTo: readonly Destination[] }>

/** An exchange as the API shows it: JSON-ready, amounts as decimal strings, times in ISO 8601. */
export type ExchangeView = Readonly<{
  id: string
  status: ExchangeStatus
  party: string
  createdBy: string
  createdAt: string
  pay: PayView
  payout: Readonly<{
    id: PayoutId
    state: Exchange['legState']
    amount: MoneyView
    destinations: readonly Destination[]
    reference: string
  }>
  heldAt?: string
  decideBy?: string
  returned?: ReturnReason | 'unpaid' | 'refunded'
  refund?: PayoutId
  exceptions: readonly ExchangeException[]
  metadata: Metadata
}>

export function viewExchange(x: Exchange): ExchangeView {
  const { leg, pay, held } = x
  const { amount, destinations, reference, payout } = leg
  const refunded = pay.kind === 'intent' && x.refund !== 'none'
  const returned = x.released ?? (x.refund === 'settled' ? ('refunded' as const) : undefined)
  return {
    id: x.id,
    status: statusOf(x),
    party: x.party,
    createdBy: x.createdBy,
    createdAt: time(x.createdAt),
    pay: viewPay(x),
    payout: { id: payout, state: x.legState, amount: viewMoney(amount), destinations, reference },
    ...(held && { heldAt: time(held.at), decideBy: time(held.decideBy) }),
    ...(returned && { returned }),
    ...(refunded && { refund: pay.refund }),
    exceptions: x.exceptions,
    metadata: x.metadata ?? {},
  }
}

function viewPay({ pay }: Exchange): PayView {
  const amount = viewMoney(pay.amount)
  if (pay.kind === 'intent') {
    return { kind: 'payment_intent', intent: pay.intent, amount, expiresAt: time(pay.expiresAt), refundTo: pay.refundTo }
  }
  const { invoice, hash: paymentHash, network } = pay
  return { kind: 'held_invoice', invoice, paymentHash, network, amount, fee: viewMoney(pay.fee), expiresAt: time(pay.expiresAt) }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
