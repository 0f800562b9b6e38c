import encodeQR from 'qr'
import { unreachable } from '../../errors/invariant.ts'
import { floorDivCount } from '../../money/integers.ts'
import { formatAmount, type Money, money } from '../../money/money.ts'
import type { Intent, IntentOffer } from '../../payins/intent/intent.ts'
import type { Hex } from '../../ports/ids.ts'
import type { OfferWire } from '../../ports/receiver.ts'
import { chainName } from '../html/chainName.ts'
import { copyable, fill, text } from '../html/html.ts'
import { priceText } from '../html/priceText.ts'
import type { Words } from '../html/words/words.ts'
import { epcCode } from './epcCode.ts'

const MS_PER_S = 1000

type NonceOf = (splitId: Hex, ref: Hex) => Hex
type Page = Readonly<{ now: number; words: Words; uri: string | null; expiresAt: number; nonceOf: NonceOf }>
type ChainOffer = IntentOffer & Readonly<{ wire: Extract<OfferWire, { kind: 'evm' }> }>
/** A way to pay as the page shows it: the name of its tab, and what is behind it. */
type Way = Readonly<{ name: string; html: string }>

/**
 * One tab for each way to pay, in the order of the offers, the first open; it is said which costs the payer least. They are radio buttons, so they work without
 * script.
 */
export function waysToPay({ offers }: Intent, page: Page): string {
  const { words } = page
  const shown = offers.flatMap((offer) => {
    const way = offer.expiresAt > page.now ? wayOf(offer, page) : undefined
    return way ? [{ offer, ...way }] : []
  })
  const cheapest = shown.reduce((best, { offer }, i) => (offer.fullPrice.units < shown[best]!.offer.fullPrice.units ? i : best), 0)
  const tabs = shown.map(({ offer, name, html }, i) => {
    const extra = { ...offer.fullPrice, units: offer.fullPrice.units - shown[cheapest]!.offer.fullPrice.units }
    const told = i === cheapest ? text(words.cheapest) : extra.units > 0n ? `<bdi dir="ltr">+${text(priceText(extra))}</bdi>` : ''
    return `<input type="radio" name="way" id="way-${i}"${i === 0 ? ' checked' : ''}>
<label for="way-${i}"><bdi>${text(name)}</bdi>${told && shown.length > 1 ? ` <small>${told}</small>` : ''}</label>
<section aria-label="${text(name)}">
<p class="amount"><bdi>${text(priceText(offer.amount))}</bdi> ${copyAmount(offer.amount, words)}</p>
${html}
</section>`
  })
  return `<fieldset class="ways"><legend>${text(words.waysToPay)}</legend>
${tabs.join('\n')}
</fieldset>`
}

/** A plain number, as the field of a wallet takes it: whole satoshi where it is bitcoin. */
function copyAmount(amount: Money, words: Words): string {
  const plain = amount.asset.code === 'BTC' ? formatAmount(money({ ...amount.asset, scale: 3 }, amount.units)) : formatAmount(amount)
  const label = text(`${words.copy}: ${priceText(amount)}`)
  return `<button type="button" class="copy" data-text="${text(plain)}" aria-label="${label}" hidden>${text(words.copy)}</button>`
}

/** Undefined for what no page can do: a balance is spent with an API key, which no page should ask for. */
function wayOf(offer: IntentOffer, page: Page): Way | undefined {
  const { wire } = offer
  switch (wire.kind) {
    case 'bolt11':
      return { name: 'Lightning', html: lightningPart(wire.invoice, page) }
    case 'bank':
      return { name: page.words.bank, html: bankPart({ amount: offer.amount, ...wire }, page.words) }
    case 'evm':
      return wire.signed && !wire.signed.includes('eip3009')
        ? undefined
        : { name: `${offer.amount.asset.code}, ${chainName(wire.chainId)}`, html: chainPart({ ...offer, wire }, page) }
    case 'custom':
      return { name: offer.rail.slice('custom:'.length), html: customPart(wire.fields, page.words) }
    case 'book':
      return undefined
    default:
      return unreachable(wire)
  }
}

/** What is an address of a page is gone to; everything else is copied. */
function customPart(fields: Readonly<Record<string, string>>, words: Words): string {
  const isPage = ([, value]: readonly [string, string]) => URL.parse(value)?.protocol === 'https:'
  const links = Object.entries(fields).filter(isPage)
  const rest = Object.fromEntries(Object.entries(fields).filter((field) => !isPage(field)))
  const buttons = links.map(([name, url]) => `<a class="button" href="${text(url)}" rel="noreferrer">${text(name)}</a>`).join('\n')
  return Object.keys(rest).length === 0 ? buttons : `${buttons}<dl>${pairs(rest, words)}</dl>`
}

function lightningPart(invoice: string, { words, uri }: Page): string {
  // In capitals, without ? and &, the text fits the denser of a QR code's alphabets; BOLT 11 allows either case.
  const code = `LIGHTNING:${invoice.toUpperCase()}`
  return `<p>${text(words.scanInvoice)}</p>
<a class="qr" href="${text(uri ?? `lightning:${invoice}`)}" data-copy="${text(code)}" aria-label="${text(words.openWallet)}">${encodeQR(code, 'svg')}</a>
<a class="button" href="${text(uri ?? `lightning:${invoice}`)}">${text(words.openWallet)}</a>
<button type="button" class="lightning" data-invoice="${text(invoice)}" hidden>${fill(words.payWith, { wallet: 'WebLN' })}</button>
<details><summary>${text(words.invoice)}</summary>${copyable(invoice, { copy: words.copy, label: words.invoice })}</details>`
}

function bankPart(offer: Readonly<{ amount: Money; name: string; iban: string; remittance: string }>, words: Words): string {
  const code = epcCode(offer)
  // The guideline asks for this level of error correction.
  const picture = code ? `<p>${text(words.scanBank)}</p>\n<div class="qr">${encodeQR(code, 'svg', { ecc: 'medium' })}</div>\n` : ''
  const { name, iban, remittance } = offer
  return `${picture}<dl>${pairs({ [words.to]: name, [words.iban]: iban, [words.reference]: remittance }, words)}</dl>`
}

/** Buttons of the wallets that the browser has come beside it, one for each. */
function chainPart(offer: ChainOffer, { words, expiresAt, nonceOf }: Page): string {
  const { wire } = offer
  const typed = authorizationToSign(offer, { expiresAt, nonce: nonceOf(wire.splitId, wire.ref) })
  return `<div class="chain" data-rail="${text(offer.rail)}" data-typed="${text(JSON.stringify(typed))}">
<p>${fill(words.onChain, { amount: priceText(offer.amount), chain: chainName(wire.chainId) })}</p>
<p class="no-wallet">${fill(words.noWallet, { code: offer.amount.asset.code })}</p>
</div>`
}

/** EIP-712 of EIP-3009's ReceiveWithAuthorization to the hub. `from` is filled in by whoever signs. */
function authorizationToSign({ amount, wire }: ChainOffer, { expiresAt, nonce }: Readonly<{ expiresAt: number; nonce: Hex }>) {
  const { chainId, token, tokenName, tokenVersion, hub } = wire
  const field = (name: string, type: string) => ({ name, type })
  return {
    domain: { name: tokenName, version: tokenVersion, chainId, verifyingContract: token },
    primaryType: 'ReceiveWithAuthorization',
    types: {
      EIP712Domain: [
        field('name', 'string'),
        field('version', 'string'),
        field('chainId', 'uint256'),
        field('verifyingContract', 'address'),
      ],
      ReceiveWithAuthorization: [
        field('from', 'address'),
        field('to', 'address'),
        field('value', 'uint256'),
        field('validAfter', 'uint256'),
        field('validBefore', 'uint256'),
        field('nonce', 'bytes32'),
      ],
    },
    message: {
      to: hub,
      value: `${amount.units}`,
      validAfter: '0',
      nonce,
      validBefore: `${floorDivCount(expiresAt, MS_PER_S)}`,
    },
  }
}

function pairs(of: Readonly<Record<string, string>>, { copy }: Words): string {
  return Object.entries(of)
    .map(([name, value]) => `<dt>${text(name)}</dt><dd>${copyable(value, { copy, label: name })}</dd>`)
    .join('')
}
