import { moneyText } from '../../audit/receipt/receipt.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { money } from '../../money/money.ts'
import type { PayoutView } from '../../payouts/payoutState/view.ts'
import type { Destination } from '../../ports/sender.ts'
import { type GivenRefund, refundStatus } from '../../refunds/givenRefund.ts'
import { type Caller, callerId } from '../http/authenticate.ts'
import { moneyView, snakeKeys } from '../http/views.ts'

/** A refund as its giver sees it: who has paid for it, how it goes back, and what was tried. */
export function givenRefundView(refund: GivenRefund, payoutOf: (id: string) => PayoutView | undefined = () => undefined) {
  const { id, data, amount, over, paid, refunded, left, sources, tries, createdAt, end } = refund
  const { receipt, request, rail, payee, way, reason, metadata, by, dispute } = data
  return {
    object: 'refund' as const,
    id,
    status: refundStatus(refund),
    receipt,
    payment_intent: request === receipt ? null : request,
    payee,
    rail,
    amount: moneyView(amount),
    surplus: moneyView(money(amount.asset, over)),
    paid: moneyView(paid),
    refunded: moneyView(refunded),
    left: moneyView(left),
    sources: sources.map((source) => ({ from: source.from, amount: moneyText(source.amount) })),
    way: way.kind,
    destination: way.kind === 'to' ? destinationView(way.to) : null,
    tries: tries.map(({ payout, to, state }) => tryView(payout, { to: destinationView(to), state, made: payoutOf(payout) })),
    reason,
    metadata,
    created_by: by,
    dispute: dispute ?? null,
    created_at: timeText(createdAt),
    expires_at: timeText(refund.expiresAt),
    ended_at: end ? timeText(end.at) : null,
    payment_url: `/v1/payments/${receipt}`,
  }
}

type Shown = ReturnType<typeof givenRefundView>

/** Who has given it, whose payment it was alone, or an operator. */
export function isToldAll({ data: { by, payee } }: GivenRefund, caller: Caller): boolean {
  return caller.kind === 'operator' || by === callerId(caller) || payee === caller.party.id
}

/** The same to a payee beside others: that it is, how it stands, and what it bears itself; where it goes and what is noted of it are its giver's. */
export function refundViewFor(refund: GivenRefund, caller: Caller, payoutOf?: (id: string) => PayoutView | undefined): Shown {
  const shown = givenRefundView(refund, payoutOf)
  if (isToldAll(refund, caller)) return shown
  const own = shown.sources.filter(({ from }) => from === accounts.party(callerId(caller)))
  return { ...shown, sources: own, destination: null, tries: [], reason: '', metadata: {} }
}

function destinationView(to: Destination): unknown {
  return snakeKeys(to)
}

type Try = Readonly<{ to: ReturnType<typeof destinationView>; state: string; made: PayoutView | undefined }>

function tryView(payout: string, { to, state, made }: Try) {
  const reasons = made?.attempts.flatMap(({ reason }) => reason ?? []) ?? []
  return { payout, destination: to, state, rail: made?.rail ?? null, proof: made?.evidence?.proof ?? null, reasons }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
