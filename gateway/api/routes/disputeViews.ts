import { moneyText } from '../../audit/receipt/receipt.ts'
import { type Dispute, disputeStatus } from '../../disputes/dispute.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Caller, callerId } from '../http/authenticate.ts'
import { moneyView } from '../http/views.ts'
import { usedMandateView } from './paymentViews.ts'

/** A dispute as operators see it, with all evidence, which is text and nothing else. */
function disputeView(dispute: Dispute) {
  const { id, data, amount, paid, left, sources, evidence, end, expired, openedAt } = dispute
  const { receipt, request, rail, payee, reason, note, metadata, by, dueAt } = data
  return {
    object: 'dispute' as const,
    id,
    status: disputeStatus(dispute),
    receipt,
    payment_intent: request === receipt ? null : request,
    payee,
    rail,
    amount: moneyView(amount),
    paid: moneyView(paid),
    left: moneyView(left),
    reserve: sources.map((source) => ({ from: source.from, amount: moneyText(source.amount) })),
    reason,
    note,
    evidence: evidence.map((piece) => ({
      text: piece.text,
      references: [...piece.references],
      submitted_by: piece.by,
      submitted_at: timeText(piece.at),
    })),
    mandate: data.mandate ? usedMandateView(data.mandate) : null,
    evidence_due_at: timeText(dueAt),
    overdue: expired,
    cause: end?.cause ?? null,
    refund: end?.refund ?? null,
    metadata,
    opened_by: by,
    opened_at: timeText(openedAt),
    decided_by: end?.by ?? null,
    decided_at: end ? timeText(end.at) : null,
    payment_url: `/v1/payments/${receipt}`,
  }
}

/** Whose payment it was alone, or an operator. */
export function isToldAllOf({ data: { payee } }: Pick<Dispute, 'data'>, caller: Caller): boolean {
  return caller.kind === 'operator' || payee === caller.party.id
}

/**
 * The same to a payee, but for the payer's mandate; and to one beside others: that it is, how it stands, and what it holds and has shown itself; what is noted
 * of it is not for all of them.
 */
export function disputeViewFor(dispute: Dispute, caller: Caller): ReturnType<typeof disputeView> {
  const shown = disputeView(dispute)
  if (caller.kind === 'operator') return shown
  if (isToldAllOf(dispute, caller)) return { ...shown, mandate: null }
  const own = callerId(caller)
  const reserve = shown.reserve.filter(({ from }) => from === accounts.party(own))
  const evidence = shown.evidence.filter(({ submitted_by: by }) => by === own)
  return { ...shown, reserve, evidence, note: '', metadata: {}, mandate: null }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
