import type { Receipt } from '../../audit/receipt/receipt.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import { copyable, fillPlain, text } from '../html/html.ts'
import { payerDocument } from '../html/payerDocument.ts'
import type { Words } from '../html/words/words.ts'
import type { ReceiptNames } from './receiptNames.ts'

type Shown = Readonly<{ receipt: Receipt; state: PaymentState; reason?: string | undefined; words: Words; names: ReceiptNames }>

const STATE_WORDS: Readonly<Record<PaymentState, keyof Words>> = {
  held: 'stateHeld',
  collecting: 'stateHeld',
  settled: 'stateSettled',
  failed: 'stateFailed',
  refund_due: 'stateRefundDue',
  refunded: 'stateRefunded',
}

/** What is said of where the money stands. */
export function whereItStands({ state, reason }: Pick<Shown, 'state' | 'reason'>, words: Words): string {
  return state === 'settled' && reason === 'given_back_in_part' ? words.stateGivenBackInPart : words[STATE_WORDS[state]]
}

/** A receipt as a person reads it. Its signature is checked by the browser, over the receipt as `GET /v1/receipts/:id` has it. */
export function receiptPage({ receipt, state, reason, words, names }: Shown): string {
  const { id, price, paid, fee, rail, rate, resource, parts, issued_at: issuedAt, entry } = receipt
  const { codeOf, money } = names
  const title = fillPlain(words.receiptTitle, { amount: money(price) })
  const issued = new Intl.DateTimeFormat(words.lang, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' }).format(Date.parse(issuedAt))
  const copied = (value: string, label: string) => copyable(value, { copy: words.copy, label })
  const rows: [string, string][] = [
    [words.soldFor, `<bdi>${text(resource)}</bdi>`],
    [words.price, `<bdi>${text(money(price))}</bdi>`],
    [words.paidBy, `<bdi>${text(`${rail}, ${money(paid)}`)}</bdi>`],
    [words.fee, `<bdi>${text(money(fee))}</bdi>`],
    // Assets by the names that people know.
    [words.rate, `<bdi dir="ltr">${text(rate.split(' ').map(codeOf).join(' '))}</bdi>`],
    [words.issued, `<time datetime="${text(issuedAt)}">${text(issued)}</time>`],
    [words.number, copied(id, words.number)],
    [words.reference, copied(entry, words.reference)],
  ]
  const shares = parts.length > 1 ? parts.map(({ to, amount }) => `<dt><code>${text(to)}</code></dt><dd>${text(amount)}</dd>`).join('') : ''
  return payerDocument({
    words,
    title,
    head: '<script src="/receipts/page.js" type="module"></script>',
    body: `<main data-receipt="${text(id)}" data-words="${text(JSON.stringify(wordsOfScript(words)))}">
<h1>${text(title)}</h1>
<p id="state" class="${state}">${text(whereItStands({ state, reason }, words))}</p>
<p id="signature" role="status">${text(words.checking)}</p>
<dl>${rows.map(([name, html]) => `<dt>${text(name)}</dt><dd>${html}</dd>`).join('')}</dl>
${shares === '' ? '' : `<h2>${text(words.shares)}</h2>\n<dl>${shares}</dl>`}
<p><a href="/v1/receipts/${text(id)}">${text(words.howToCheck)}</a> · <a href="/receipts/${text(id)}.pdf">PDF</a></p>
<button type="button" class="print" hidden>${text(words.print)}</button>
</main>`,
  })
}

function wordsOfScript({ holds, broken, cannotCheck, copied }: Words) {
  return { holds, broken, cannotCheck, copied }
}
