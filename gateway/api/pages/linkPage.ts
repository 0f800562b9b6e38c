import type { LinkStatus, PaymentLink } from '../../paymentLinks/link.ts'
import { fill, fillPlain, text } from '../html/html.ts'
import { payerDocument } from '../html/payerDocument.ts'
import { priceText } from '../html/priceText.ts'
import type { Words } from '../html/words/words.ts'
import { PAGE_HEADERS } from './payPage.ts'

/** As the page of an intent, and it may send its own form. */
export const LINK_PAGE_HEADERS = {
  'content-security-policy': PAGE_HEADERS['content-security-policy'].replace("form-action 'none'", "form-action 'self'"),
  'referrer-policy': PAGE_HEADERS['referrer-policy'],
  'x-content-type-options': PAGE_HEADERS['x-content-type-options'],
  'cache-control': PAGE_HEADERS['cache-control'],
  vary: PAGE_HEADERS.vary,
} as const

/** What a payer did that could not be done: chose another amount than he may, or came while too many others pay. */
export type LinkTrouble = 'amount' | 'busy'

type Shown = Readonly<{ status: LinkStatus; words: Words; visit: string; trouble?: LinkTrouble | undefined }>

/** A page on which a person begins to pay by a link. It is a form and nothing else, so it does the same without a script. `visit`: see `PaymentLinks`. */
export function linkPage(link: PaymentLink, { status, words, visit, trouble }: Shown): string {
  const { about } = link
  const price = priceOf(link)
  const told = status === 'active' ? (trouble === 'busy' ? text(words.linkBusy) : '') : closedText(link, { status, words })
  return payerDocument({
    words,
    title: `${about.description ?? about.seller ?? ''} ${fillPlain(words.title, { amount: price })}`.trim(),
    body: `<main data-link="${text(link.id)}" data-state="${status}">
${about.seller ? `<p class="seller"><bdi>${text(about.seller)}</bdi></p>` : ''}
${about.description ? `<p class="description"><bdi>${text(about.description)}</bdi></p>` : ''}
<h1><bdi>${text(price)}</bdi></h1>
${told ? `<p id="status" role="status" class="${status === 'active' ? 'partial' : 'expired'}">${told}</p>` : ''}
${status === 'active' ? formOf(link, { words, visit, trouble }) : ''}
</main>`,
  })
}

function priceOf({ price }: PaymentLink): string {
  return price.kind === 'fixed' ? priceText(price.amount) : `${priceText(price.least)} – ${priceText(price.most)}`
}

function closedText(
  { payWithinS }: PaymentLink,
  { status, words }: Readonly<{ status: Exclude<LinkStatus, 'active'>; words: Words }>,
): string {
  if (status === 'used_up') return text(words.linkUsedUp)
  if (status === 'held') return fill(words.linkHeld, { n: minutesText(payWithinS) })
  return text(words.linkClosed)
}

/** In whole minutes, rounded up: nothing is held longer. */
function minutesText(seconds: number): string {
  return String(Math.ceil(seconds / 60)) // not money: a time
}

function formOf(
  { price }: PaymentLink,
  { words, visit, trouble }: Readonly<{ words: Words; visit: string; trouble: LinkTrouble | undefined }>,
): string {
  const button = price.kind === 'fixed' ? fillPlain(words.title, { amount: priceText(price.amount) }) : words.linkGoOn
  const field = price.kind === 'fixed' ? '' : amountField(price, { words, isWrong: trouble === 'amount' })
  return `<form method="post">
<input type="hidden" name="visit" value="${text(visit)}">
${field}<button class="button" type="submit">${text(button)}</button>
</form>`
}

function amountField(
  { least, most }: PaymentLink['price'] & { kind: 'chosen' },
  { words, isWrong }: Readonly<{ words: Words; isWrong: boolean }>,
): string {
  const between = fill(words.linkBetween, { least: priceText(least), most: priceText(most) })
  return `<p><label for="amount">${between}</label></p>
<p><input id="amount" name="amount" type="text" inputmode="decimal" autocomplete="off" required dir="ltr"${isWrong ? ' aria-invalid="true" autofocus' : ''}> ${text(least.asset.code)}</p>
`
}
