import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Money } from '../../money/money.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import { chainName } from '../html/chainName.ts'
import { copyable, fill, fillPlain, text } from '../html/html.ts'
import { payerDocument } from '../html/payerDocument.ts'
import { priceText } from '../html/priceText.ts'
import { chooseWords } from '../html/words/chooseWords.ts'
import type { Words } from '../html/words/words.ts'
import type { PageWay } from './pageWays.ts'

/** `url`: what is asked for, whole. `seller`: as a party is named, where one sells. `isMost`: the price is the most that is taken. */
type Shown = Readonly<{
  challenge: Challenge
  ways: readonly PageWay[]
  price: Money
  isMost: boolean
  seller: string | undefined
  description: string
  url: string
  language: string | undefined
}>

type Page = Readonly<{ headers: readonly (readonly [string, string])[]; html: string }>

/**
 * Makes the page of a 402. Its script and style stand in it, allowed by their hashes, so it loads nothing, and is the same at the address of a seller that runs
 * elsewhere. An answer that was paid for is shown in it as text, as a picture, sound or film, or as HTML that runs no script.
 */
export function createPage402(): (shown: Shown) => Page {
  const script = readFileSync(new URL('./page402Script.js', import.meta.url), 'utf8')
  const style = readFileSync(new URL('../html/page.css', import.meta.url), 'utf8')
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src blob:',
    'media-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const headers = [
    ['cache-control', 'no-store'],
    ['content-type', 'text/html; charset=utf-8'],
    ['content-security-policy', policy],
    ['referrer-policy', 'no-referrer'],
    ['x-content-type-options', 'nosniff'],
    ['vary', 'Accept, Accept-Language'],
  ] as const
  return (shown) => ({ headers, html: htmlOf(shown, { script, style }) })
}

function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

function htmlOf(shown: Shown, { script, style }: Readonly<{ script: string; style: string }>): string {
  const { price, isMost, seller, description, url, challenge, ways } = shown
  const words = chooseWords(shown.language)
  const amount = `${isMost ? '≤ ' : ''}${priceText(price)}`
  const expires = Date.parse(challenge.body.expires_at)
  return payerDocument({
    words,
    title: fillPlain(words.title, { amount }),
    style: `<style>${style}</style>`,
    body: `<main data-expires="${expires}" data-words="${text(wordsOfScript(words))}">
${seller ? `<p class="seller"><bdi>${text(seller)}</bdi></p>` : ''}
<p class="description"><bdi>${text(description)}</bdi></p>
<h1><bdi>${text(amount)}</bdi></h1>
<p id="status" role="status">${ways.length > 0 ? text(words.payHere) : ''}</p>
${ways.length > 0 ? `<noscript><p>${text(words.needsScript)}</p></noscript>` : ''}
<div id="bought"></div>
<div id="pay">
${ways.length > 0 ? tabs(ways, words) : ''}
<details${ways.length > 0 ? '' : ' open'}><summary>${text(words.details)}</summary>
<p>${text(words.programs)}</p>
<p>${copyable(command(url), { copy: words.copy, label: words.details })}</p>
</details>
</div>
</main>
<script type="module">${script}</script>`,
  })
}

/** In quotes that a shell reads nothing in, for the address is whatever a link said. */
function command(url: string): string {
  return `npx switchyard-client pay '${url.replaceAll("'", '%27')}'`
}

function tabs(ways: readonly PageWay[], words: Words): string {
  const shown = ways.map((way, i) => {
    const name = way.kind === 'lightning' ? 'Lightning' : `${way.amount.asset.code}, ${chainName(way.chainId)}`
    return `<input type="radio" name="way" id="way-${i}"${i === 0 ? ' checked' : ''}>
<label for="way-${i}"><bdi>${text(name)}</bdi></label>
<section aria-label="${text(name)}">
<p class="amount"><bdi>${text(priceText(way.amount))}</bdi></p>
${way.kind === 'lightning' ? lightningPart(way, words) : chainPart(way, words)}
</section>`
  })
  return `<fieldset class="ways"><legend>${text(words.waysToPay)}</legend>
${shown.join('\n')}
</fieldset>`
}

function chainPart({ accepted, resource, amount, chainId }: Extract<PageWay, { kind: 'chain' }>, words: Words): string {
  return `<div class="chain" data-accepted="${text(JSON.stringify(accepted))}" data-resource="${text(JSON.stringify(resource))}">
<p>${fill(words.onChain, { amount: priceText(amount), chain: chainName(chainId) })}</p>
<p class="no-wallet">${fill(words.noWallet, { code: amount.asset.code })}</p>
</div>`
}

/** The token is good with the preimage alone, which the wallet that pays gives to the page: a browser's own does. */
function lightningPart({ invoice, token }: Extract<PageWay, { kind: 'lightning' }>, words: Words): string {
  return `<div class="lightning" data-invoice="${text(invoice)}" data-token="${text(token)}">
<p class="no-wallet">${fill(words.noWallet, { code: 'Lightning (WebLN)' })}</p>
<button type="button" hidden>${fill(words.payWith, { wallet: 'WebLN' })}</button>
</div>`
}

/** What the page's script says by itself. */
function wordsOfScript(words: Words): string {
  const { copied, payWith, sent, notPaid, walletSilent, unknown, paid, receipt, timeOver, stateRefundDue, save, askAgain, errorAnswer } =
    words
  return JSON.stringify({
    copied,
    payWith,
    sent,
    notPaid,
    walletSilent,
    unknown,
    paid,
    receipt,
    timeOver,
    stateRefundDue,
    save,
    askAgain,
    errorAnswer,
  })
}
