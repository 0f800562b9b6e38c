import type { Money } from '../../money/money.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import type { Hex } from '../../ports/ids.ts'
import { copyable, fill, fillPlain, text } from '../html/html.ts'
import { payerDocument } from '../html/payerDocument.ts'
import { priceText } from '../html/priceText.ts'
import type { Words } from '../html/words/words.ts'
import { intentView } from '../http/views.ts'
import { isPayable, type PageState } from './pageState.ts'
import { waysToPay } from './waysToPay.ts'

/** What the page is made of: nothing is loaded from elsewhere, nothing runs but our own script, and nobody may frame it. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  vary: 'accept-language',
} as const

/** The same, and the shops that the seller named may show the page in a frame of theirs. */
export function headersOf({ about: { embedOrigins = [] } }: Intent): Record<string, string> {
  const policy = PAGE_HEADERS['content-security-policy']
  const shops = embedOrigins.length > 0 ? embedOrigins.join(' ') : "'none'"
  return { ...PAGE_HEADERS, 'content-security-policy': policy.replace("frame-ancestors 'none'", `frame-ancestors ${shops}`) }
}

type Shown = Readonly<{ now: number; state: PageState; words: Words; nonceOf: (splitId: Hex, ref: Hex) => Hex; panel?: string }>

/**
 * A page on which a person pays an intent, or sees what became of it. `nonceOf`: of the authorization that pays an offer on a chain; `panel`: what a local
 * network alone has.
 */
export function payPage(intent: Intent, { now, state, words, nonceOf, panel = '' }: Shown): string {
  const { about, createdAt, expiresAt } = intent
  const amount = priceText(intent.amount)
  const payable = isPayable(state)
  const { uri } = intentView(intent)
  const ends = payable || state.kind === 'detected' || state.kind === 'unknown' ? '<script src="/pay/page.js" type="module"></script>' : ''
  const shops = about.embedOrigins
  return payerDocument({
    words,
    title: titleOf(state, { words, amount }),
    head: `${ends}${shops ? '<script src="/pay/frame.js" type="module"></script>' : ''}`,
    body: `<main data-intent="${text(intent.id)}" data-state="${state.kind}" data-created="${createdAt}" data-expires="${expiresAt}" data-words="${text(wordsOfScript(words))}"${shops ? dataOfFrame(intent, shops) : ''}>
${about.seller ? `<p class="seller"><bdi>${text(about.seller)}</bdi></p>` : ''}
${about.description ? `<p class="description"><bdi>${text(about.description)}</bdi></p>` : ''}
<h1><bdi>${text(amount)}</bdi></h1>
<p id="status" role="status" class="${state.kind}">${statusOf(intent, { state, words })}</p>
${payable ? `<noscript><p>${text(words.noScript)}</p></noscript>\n<p id="left" hidden></p>\n<p id="announce" role="status" class="unseen"></p>` : ''}
${payable ? waysToPay(intent, { now, words, uri, expiresAt, nonceOf }) : ''}
${payable && shops ? `<a class="button window" href="/pay/${text(intent.id)}" target="_blank" rel="noopener" hidden>${text(words.inWindow)}</a>` : ''}
${isDone(state) && about.returnUrl ? `<a class="button" href="${text(about.returnUrl)}" target="_top" rel="noopener">${backTo(intent, words)}</a>` : ''}
${detailsOf(intent, { words, open: 'kept' in state })}
${panel}</main>`,
  })
}

/** What the script of a frame tells the shop. */
function dataOfFrame({ paid }: Intent, shops: readonly string[]): string {
  return ` data-shops="${text(JSON.stringify(shops))}"${paid ? ` data-receipt="${text(paid.receipt)}"` : ''}`
}

/** A person may go back once nothing is to be done here. */
function isDone({ kind }: PageState): boolean {
  return kind !== 'waiting' && kind !== 'partial'
}

/** What somebody hears who reads with a screen reader, when the page comes again in another state. */
function titleOf(state: PageState, { words, amount }: Readonly<{ words: Words; amount: string }>): string {
  const title = fillPlain(words.title, { amount })
  return state.kind === 'waiting'
    ? title
    : `${'kept' in state ? fillPlain(words[state.kind], kept(state.kept)) : words[state.kind]} ${title}`
}

const kept = (amounts: readonly Money[]) => ({ amount: amounts.map(priceText).join(' + ') })

function statusOf({ paid, about }: Intent, { state, words }: Readonly<{ state: PageState; words: Words }>): string {
  const told = 'kept' in state ? fill(words[state.kind], kept(state.kept)) : text(words[state.kind])
  const receipt = paid
    ? ` <a href="/receipts/${text(paid.receipt)}"${about.embedOrigins ? ' target="_blank" rel="noopener"' : ''}>${text(words.receipt)}</a>`
    : ''
  const ask = 'kept' in state ? ` ${fill(words.ask, { seller: about.seller ?? '?' })}` : ''
  return `${told}${receipt}${ask}`
}

function backTo({ about: { seller, returnUrl } }: Intent, words: Words): string {
  return fill(words.back, { seller: seller ?? new URL(returnUrl!).host })
}

/** Open where somebody is asked for the number in them. */
function detailsOf({ id, amount, about, expiresAt }: Intent, { words, open }: Readonly<{ words: Words; open: boolean }>): string {
  const until = new Intl.DateTimeFormat(words.lang, { dateStyle: 'medium', timeStyle: 'long', timeZone: 'UTC' }).format(expiresAt)
  const rows: [string, string][] = [
    [words.price, `<bdi>${text(priceText(amount))}</bdi>`],
    ...(about.orderId ? ([[words.order, `<bdi>${text(about.orderId)}</bdi>`]] as [string, string][]) : []),
    [words.payable, `<time datetime="${new Date(expiresAt).toISOString()}">${text(until)}</time>`],
    [words.number, copyable(id, { copy: words.copy, label: words.number })],
  ]
  return `<details${open ? ' open' : ''}><summary>${text(words.details)}</summary>
<dl>${rows.map(([name, html]) => `<dt>${text(name)}</dt><dd>${html}</dd>`).join('')}</dl>
</details>`
}

/** What the page's script says by itself. */
function wordsOfScript(words: Words): string {
  const { copied, payWith, sent, notPaid, walletSilent, timeLeft, minutesLeft, minuteLeft, timeOver } = words
  return JSON.stringify({ copied, payWith, sent, notPaid, walletSilent, timeLeft, minutesLeft, minuteLeft, timeOver })
}
