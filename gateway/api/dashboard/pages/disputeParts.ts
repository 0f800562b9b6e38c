import { TEXT_MAX } from '../../http/disputeWire.ts'
import { html, type Markup } from './markup.ts'
import { act, amount, facts, link, state, table, time } from './parts.ts'
import { sourcesOf } from './refundParts.ts'
import type { Dispute } from './shapes.ts'
import type { View } from './view.ts'

const OPEN = ['needs_evidence', 'under_review']

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
  )}
${OPEN.includes(one.status) && toDo(view, one)}`
}

/** Who sees it as an operator decides, and its payees answer: the API's own rules say whether they may. */
function toDo(view: View, one: Dispute): Markup {
  return html`<h2>What can be done</h2>${answering(view, one)} ${view.operator ? deciding(view, one) : givingUp(view, one)}`
}

function answering(view: View, { id }: Dispute): Markup {
  const references = ['receipt', 'delivery', 'log'].map((kind) => ({ name: kind, label: `Name of a ${kind}, if there is one` }))
  const text = { name: 'text', label: 'What happened', hint: 'plain text, no secrets', required: true as const, lengthMax: TEXT_MAX }
  return act(view, `disputes/${id}/evidence`, 'Show it as evidence', [text, ...references])
}

/** Nobody loses unheard. */
function deciding(view: View, { id, evidence, overdue }: Dispute): Markup {
  const lost =
    evidence.length > 0 || overdue
      ? act(view, `disputes/${id}/decide`, 'Lost: give it back to its payer', [], { outcome: 'lost' })
      : html`<p class="quiet">It can be lost once there is evidence, or the time for it is over.</p>`
  return html`${act(view, `disputes/${id}/decide`, 'Won: its payees have it again', [], { outcome: 'won' })} ${lost}`
}

/** Where others have a part in it too, an operator decides. */
function givingUp(view: View, { id, payee }: Dispute): Markup {
  return payee === view.party ? act(view, `disputes/${id}/accept`, 'Give it up: it goes back to its payer') : html``
}
