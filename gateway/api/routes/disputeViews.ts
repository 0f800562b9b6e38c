import { moneyText } from '../../audit/receipt/receipt.ts'
import { type Dispute, disputeStatus } from '../../disputes/dispute.ts'
import { moneyView } from '../http/views.ts'

/** A dispute as its payees and operators see it, with all evidence, which is text and nothing else. */
export function disputeView(dispute: Dispute) {
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

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
