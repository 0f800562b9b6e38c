import { html, type Markup } from './markup.ts'
import { amount, facts, link, state, table, time } from './parts.ts'
import { sourcesOf } from './refundParts.ts'
import type { Dispute } from './shapes.ts'
import type { View } from './view.ts'

/** What of a payment is or was contested, each with the page that tells its story. */
export function contested(view: View, disputes: readonly Dispute[]): Markup {
  return table(
    'Disputes',
    ['Dispute', 'State', 'Amount', 'Because', 'Opened', 'Evidence until', 'Decided', 'Refund'],
    disputes.map((one) => [
      link(one.id),
      state(one.status),
      amount(view, one.amount),
      one.reason.replaceAll('_', ' '),
      time(one.opened_at),
      time(one.evidence_due_at),
      one.decided_at ? time(one.decided_at) : '',
      one.refund ? link(one.refund) : '',
    ]),
  )
}

/** One of them, with what is in reserve and what was shown. */
export function disputeOf(view: View, one: Dispute): Markup {
  return html`${facts([
    ['State', state(one.status)],
    ['Amount', amount(view, one.amount)],
    ['Of', html`${amount(view, one.paid)} paid by ${one.rail}`],
    ['Payment', link(one.payment_intent ?? one.receipt)],
    ['Receipt', html`${link(one.receipt)} <a href="/receipts/${one.receipt}">as a page</a>`],
    ['Because', one.reason.replaceAll('_', ' ')],
    ['Note', one.note],
    ['Opened', html`${time(one.opened_at)} by ${one.opened_by}`],
    ['Evidence until', html`${time(one.evidence_due_at)} ${one.overdue && state('overdue')}`],
    ['Decided', one.decided_at && html`${time(one.decided_at)} by ${one.decided_by}: ${one.cause}`],
    ['Refund', one.refund && link(one.refund)],
    ...Object.entries(one.metadata).map(([name, value]) => [`Metadata: ${name}`, value] as const),
  ])}
<h2>In reserve</h2>${sourcesOf(view, one.reserve)}
<h2>Evidence</h2>${table(
    'Evidence',
    ['Shown', 'By', 'What', 'Refers to'],
    one.evidence.map((piece) => [
      time(piece.submitted_at),
      piece.submitted_by,
      piece.text,
      piece.references.map(({ kind, value }) => `${kind}: ${value}`).join(', '),
    ]),
    'None yet.',
  )}`
}
