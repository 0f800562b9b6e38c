import { html, type Markup } from './markup.ts'
import { amount, facts, id, link, state, table, time } from './parts.ts'
import type { Refund } from './shapes.ts'
import type { View } from './view.ts'

/** What has gone back of a payment, each with the page that tells its story. */
export function givenBack(view: View, refunds: readonly Refund[]): Markup {
  return table(
    'Refunds',
    ['Refund', 'State', 'Amount', 'Left', 'Made', 'Ended', 'Paid by'],
    refunds.map((one) => [
      link(one.id),
      state(one.status),
      amount(view, one.amount),
      amount(view, one.left),
      time(one.created_at),
      one.ended_at ? time(one.ended_at) : '',
      html`${one.tries.map(({ payout }) => link(payout))}`,
    ]),
  )
}

/** Where it goes, where that is no destination; `to` without one is told to who has given it. */
const TO: Readonly<Record<Refund['way'], string>> = {
  balance: 'the balance that paid',
  link: 'where its payer says',
  to: 'told to who has given it',
}

/** One of them, with who has paid for it and where it went. */
export function refundOf(view: View, one: Refund): Markup {
  return html`${facts([
    ['State', state(one.status)],
    ['Amount', amount(view, one.amount)],
    ['Of', html`${amount(view, one.paid)} paid by ${one.rail}`],
    ['Left', amount(view, one.left)],
    ['Payment', link(one.payment_intent ?? one.receipt)],
    ['Receipt', html`${link(one.receipt)} <a href="/receipts/${one.receipt}">as a page</a>`],
    ['To', one.destination ? Object.values(one.destination).join(' ') : TO[one.way]],
    ['Because', one.reason],
    ['Given by', one.created_by],
    ['Created', time(one.created_at)],
    ['Claimable until', one.ended_at ? null : time(one.expires_at)],
    ['Ended', one.ended_at && time(one.ended_at)],
    ...Object.entries(one.metadata).map(([name, value]) => [`Metadata: ${name}`, value] as const),
  ])}
<h2>Who paid for it</h2>${sourcesOf(view, one.sources)}
<h2>Tries</h2>${table(
    'Tries',
    ['Payout', 'State', 'Rail', 'Why', 'Proof'],
    one.tries.map(({ payout, state: now, rail, reasons, proof }) => [
      link(payout),
      state(now),
      rail ?? '',
      reasons.join(', '),
      proof ? id(proof) : '',
    ]),
    'None yet.',
  )}`
}

/** Who has borne it, each with its account. */
export function sourcesOf(view: View, sources: Refund['sources']): Markup {
  return table(
    'Sources',
    ['From', 'Amount'],
    sources.map(({ from, amount: taken }) => [sourceLink(from, taken.asset), amount(view, taken)]),
    'Nobody.',
  )
}

function sourceLink(path: string, asset: string): Markup {
  return html`<a href="/dashboard/ledger/accounts?${new URLSearchParams({ path, asset }).toString()}">${path}</a>`
}
