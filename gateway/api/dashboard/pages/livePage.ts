import { EVENT_TYPES } from '../../../events/catalog/catalog.ts'
import { html } from './markup.ts'
import { amount, id, lines, link, refusal, state, time } from './parts.ts'
import type { Intent, Payment, Payout } from './shapes.ts'
import { type Listed, type Page, read, type View } from './view.ts'

const SHOWN = 20
/** Of money: who has made a key or a party is on another page. */
const SHOWN_TYPES = EVENT_TYPES.filter((type) =>
  /^(?:payment|payout|refund|dispute|exchange|deposit|suspense|withdrawal|channel|pass)/.test(type),
)

/** One line a payment, the newest first. The script puts what happens meanwhile above it; without it the page shows what there was when it was loaded. */
export async function livePage(view: View): Promise<Page> {
  const [intents, receipts, payouts] = await Promise.all([
    read<Listed<Intent>>(view, `/v1/payment_intents?limit=${SHOWN}`),
    read<Listed<Payment>>(view, `/v1/payments?limit=${SHOWN}`),
    read<Listed<Payout>>(view, `/v1/payouts?limit=${SHOWN}`),
  ])
  const rows = [
    ...(intents.found?.data ?? []).map((one) => ({
      at: one.created_at ?? '',
      cells: [
        time(one.created_at),
        link(one.id),
        'in',
        state(one.status),
        amount(view, one.amount),
        one.paid?.rail ?? '',
        one.description ?? '',
      ],
    })),
    // What paid an intent is told as the intent.
    ...(receipts.found?.data ?? []).flatMap((one) => (one.resource.startsWith('payment_intent ') ? [] : [receiptRow(view, one)])),
    ...(payouts.found?.data ?? []).map((one) => ({
      at: one.created_at,
      cells: [time(one.created_at), link(one.id), 'out', state(one.status), amount(view, one.amount), one.rail ?? '', one.reference],
    })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1))
  const body = html`<section aria-labelledby="stream"><h2 id="stream">As it happens</h2>
<p id="streaming" class="quiet" role="status">Live updates need script. Load the page again for what is new.</p>
<ol id="events" class="events" data-stream="/dashboard/stream" data-types="${JSON.stringify(SHOWN_TYPES)}"></ol></section>
<section><h2>The newest</h2>
${[intents, receipts, payouts].map(({ problem }) => problem && refusal(problem))}
${lines(
  'The newest payments',
  ['When (UTC)', 'Payment', 'Way', 'State', 'Amount', 'Rail', 'About'],
  rows.slice(0, SHOWN).map(({ cells }) => cells),
)}</section>
<p class="quiet">Each line leads to its story: what was created, offered, seen, held, settled, shared and paid out. ${view.party && html`This is what ${id(view.party)} may see.`}</p>`
  return { title: 'Live', lead: 'What is happening? One line a payment, the newest first.', body }
}

function receiptRow(view: View, one: Payment) {
  const cells = [time(one.created_at), link(one.id), 'in', state(one.status), amount(view, one.price), one.rail, one.resource]
  return { at: one.created_at, cells }
}
