import type { Money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import { fetchableMsat, type Refund } from '../../refunds/refund.ts'
import { fill, fillPlain, text } from '../html/html.ts'
import { payerDocument } from '../html/payerDocument.ts'
import { priceText } from '../html/priceText.ts'
import type { ClaimWords } from '../html/words/claimWords.ts'
import type { Words } from '../html/words/words.ts'

/** How soon the page of what is on its way loads itself again. */
const AGAIN_S = 5
/** What stands of a long name at both ends, so that its owner knows it and nobody else does. */
const ENDS = [8, 4] as const

/** What was wrong with what somebody wrote, in the words of the page. */
export type ClaimTrouble = 'unreadable' | 'amount' | 'refused'

/** `giver`: who sold what was paid; `lnurl`: where a wallet can fetch it by itself; `amount`: what goes back, or what an invoice for it is over. */
type ClaimShown = Readonly<{
  refund: Refund
  amount: Money
  giver: string | undefined
  about: string
  expiresAt: number | undefined
  lnurl: string | undefined
  words: Words & Readonly<{ claim: ClaimWords }>
  trouble?: ClaimTrouble | undefined
}>

/** A page on which a person says where money goes that is theirs, or sees where it went. It needs no script. */
export function claimPage(o: ClaimShown): string {
  const { refund, amount, words } = o
  const { claim } = words
  const shown = priceText(amount)
  const isOpen = refund.state === 'paying' || refund.state === 'unknown'
  return frame(words, {
    title: fillPlain(claim.title, { amount: shown }),
    again: isOpen,
    body: `${o.giver ? `<p class="seller"><bdi>${text(o.giver)}</bdi></p>` : ''}
<h1><bdi>${text(shown)}</bdi></h1>
<p id="status" role="status" class="${STATUS_LOOKS[refund.state]}">${fill(saidOf(refund.state, claim), { amount: shown })}</p>
${o.trouble ? `<p role="alert" class="late">${fill(claim[o.trouble], { amount: shown })}</p>` : lastTry(refund, claim)}
${refund.state === 'due' ? form(o) : ''}
${factsOf(o)}`,
  })
}

/** The same for what is no link of ours. */
export function noClaimPage(words: ClaimShown['words']): string {
  return frame(words, { title: words.claim.none, again: false, body: `<h1>${text(words.claim.none)}</h1>` })
}

function frame(words: Words, { title, again, body }: Readonly<{ title: string; again: boolean; body: string }>): string {
  return payerDocument({
    words,
    title,
    head: again ? `<meta http-equiv="refresh" content="${AGAIN_S}">` : '',
    body: `<main>
${body}
</main>`,
  })
}

const STATUS_LOOKS = { due: 'waiting', paying: 'detected', unknown: 'unknown', refunded: 'paid', none: 'expired' } as const

function saidOf(state: Refund['state'], claim: ClaimWords): string {
  return { due: claim.due, paying: claim.paying, unknown: claim.unknown, refunded: claim.sent, none: claim.none }[state]
}

function lastTry({ state, tries }: Refund, claim: ClaimWords): string {
  return state === 'due' && tries.length > 0 ? `<p class="late">${text(claim.failed)}</p>` : ''
}

/** What was given back goes wherever its payer says; what was not served over its own rail alone. */
function form({ refund, amount, lnurl, words }: ClaimShown): string {
  const { claim } = words
  const wallet = lnurl ? `<p><a class="button" href="lightning:${text(lnurl)}">${text(claim.wallet)}</a></p>` : ''
  if (!refund.given && refund.from) return `<form method="post"><button name="back" value="yes">${text(claim.back)}</button></form>`
  if (!refund.given && fetchableMsat(refund) === undefined) return ''
  const hint = refund.given ? text(claim.hint) : fill(claim.invoice, { amount: priceText(amount) })
  const owner = `<label>${text(claim.owner)} <input name="owner" maxlength="70" autocomplete="name"></label>`
  return `${wallet}<form method="post">
<label>${text(claim.where)} <input name="to" required maxlength="4096" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="hint"></label>
<p id="hint">${hint}</p>
${refund.given ? owner : ''}
<button>${text(claim.send)}</button>
</form>`
}

function factsOf({ refund, about, expiresAt, words }: ClaimShown): string {
  const { claim } = words
  const isOpen = refund.state !== 'refunded' && refund.state !== 'none'
  const paid = refund.tries.find(({ status }) => status === 'settled')
  const [to] = paid?.destinations ?? []
  const { id, proof } = paid?.evidence ?? {}
  const rows: [string, string | undefined][] = [
    [claim.reason, about === '' ? undefined : `<bdi>${text(about)}</bdi>`],
    [claim.until, isOpen && expiresAt !== undefined ? timeText(expiresAt, words.lang) : undefined],
    [claim.to, to && `<bdi>${text(nameOf(to))}</bdi>`],
    [claim.proof, paid && `<code dir="ltr">${text(proof ?? id ?? '')}</code>`],
    [words.receipt, `<a href="/receipts/${refund.receipt}"><code dir="ltr">${refund.receipt}</code></a>`],
  ]
  const said = rows.filter((row): row is [string, string] => row[1] !== undefined)
  return `<dl>${said.map(([name, html]) => `<dt>${text(name)}</dt><dd>${html}</dd>`).join('')}</dl>`
}

function timeText(at: number, lang: string): string {
  const shown = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)
  return `<time datetime="${new Date(at).toISOString()}">${text(shown)} UTC</time>`
}

/** Known again by whoever wrote it; who else has the link learns no account. */
function nameOf(to: Destination): string {
  const [whole] = Object.entries(to).flatMap(([key, value]) => (key === 'kind' || typeof value !== 'string' ? [] : [value]))
  const [head, tail] = ENDS
  if (whole === undefined || whole.length <= head + tail) return whole ?? ''
  return `${whole.slice(0, head)}…${whole.slice(-tail)}`
}
