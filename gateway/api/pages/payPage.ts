import encodeQR from 'qr'
import { unreachable } from '../../errors/invariant.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Intent, IntentOffer } from '../../payins/intent/intent.ts'
import type { Hex } from '../../ports/ids.ts'
import type { OfferWire } from '../../ports/receiver.ts'
import { intentView } from '../http/views.ts'
import { epcCode } from './epcCode.ts'
import { priceText } from './priceText.ts'

const MS_PER_S = 1000

/** What the page is made of: nothing is loaded from elsewhere, nothing runs but our own script, and nobody may frame it. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const

type NonceOf = (splitId: Hex, ref: Hex) => Hex

/** A page on which a person pays an intent, or sees what became of it. `nonceOf`: of the authorization that pays an offer on a chain. */
export function payPage(intent: Intent, o: { now: number; nonceOf: NonceOf }): string {
  const { uri } = intentView(intent)
  const page = { uri, expiresAt: intent.expiresAt, nonceOf: o.nonceOf }
  const open = intent.status === 'open' && o.now <= intent.expiresAt
  const amount = priceText(intent.amount)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Pay ${text(amount)}</title>
<link rel="stylesheet" href="/pay/page.css">
${open ? '<script src="/pay/page.js" type="module"></script>' : ''}
</head>
<body>
<main data-intent="${text(intent.id)}" data-expires="${intent.expiresAt}">
<h1>${text(amount)}</h1>
${open ? toPay(intent, page) : ended(intent)}
<footer>${text(intent.id)}</footer>
</main>
</body>
</html>
`
}

type Page = Readonly<{ uri: string | null; expiresAt: number; nonceOf: NonceOf }>

/** The ways to pay, the cheapest first. Those that need a wallet in the browser show when the page's script has found one. */
function toPay({ offers }: Intent, page: Page): string {
  const chains = offers.filter(({ wire }) => wire.kind === 'evm' && (wire.signed ?? ['eip3009']).includes('eip3009'))
  return `<p id="status" role="status">Waiting for the payment</p>
<p id="left"></p>
${offers.map((offer) => offerPart(offer, page)).join('\n')}
${chains.length > 0 ? `<p id="without-wallet">Also in ${text([...new Set(chains.map((o) => o.amount.asset.code))].join(' or '))}, with a wallet in this browser.</p>` : ''}`
}

function ended(intent: Intent): string {
  if (intent.status === 'settled') {
    const receipt = intent.paid?.receipt
    const link = receipt ? ` <a href="/v1/receipts/${text(receipt)}">Receipt</a>` : ''
    return `<p id="status" role="status" class="paid">Paid.${link}</p>`
  }
  return `<p id="status" role="status">This payment was ${intent.status === 'canceled' ? 'canceled' : 'not made in time'}. Do not pay it any more: ask for a new one.</p>`
}

type Chain = IntentOffer & Readonly<{ wire: Extract<OfferWire, { kind: 'evm' }> }>

function offerPart(offer: IntentOffer, page: Page): string {
  const { wire } = offer
  const price = text(priceText(offer.amount))
  switch (wire.kind) {
    case 'bolt11':
      return lightningPart(wire.invoice, page.uri ?? '', price)
    case 'bank':
      return bankPart({ amount: offer.amount, ...wire }, price)
    case 'evm': {
      if (wire.signed && !wire.signed.includes('eip3009')) return ''
      const typed = authorizationToSign({ ...offer, wire }, { expiresAt: page.expiresAt, nonce: page.nonceOf(wire.splitId, wire.ref) })
      return `<section class="chain" hidden><h2>${price} on chain ${wire.chainId}</h2>
<button type="button" data-rail="${text(offer.rail)}" data-typed="${text(JSON.stringify(typed))}">Sign with a browser wallet</button></section>`
    }
    case 'custom':
      return `<section><h2>${text(offer.rail.slice('custom:'.length))}, ${price}</h2>
<dl>${pairs(wire.fields)}</dl></section>`
    // A balance is spent with an API key, which no page should ask for.
    case 'book':
      return ''
    default:
      return unreachable(wire)
  }
}

function lightningPart(invoice: string, uri: string, price: string): string {
  // In capitals, without ? and &, the text fits the denser of a QR code's alphabets; BOLT 11 allows either case.
  const picture = encodeQR(`LIGHTNING:${invoice.toUpperCase()}`, 'svg')
  return `<section><h2>Lightning, ${price}</h2>
<a class="qr" href="${text(uri)}" aria-label="Open in a wallet">${picture}</a>
<button type="button" class="lightning" data-invoice="${text(invoice)}" hidden>Pay with the browser's Lightning wallet</button>
<details><summary>Invoice</summary>${copyable(invoice)}</details></section>`
}

function bankPart(offer: Readonly<{ amount: Money; name: string; iban: string; remittance: string }>, price: string): string {
  const code = epcCode(offer)
  // The guideline asks for this level of error correction.
  const picture = code ? `<div class="qr">${encodeQR(code, 'svg', { ecc: 'medium' })}</div>\n` : ''
  const { name, iban, remittance } = offer
  return `<section><h2>Bank transfer, ${price}</h2>
${picture}<dl>${pairs({ To: name, IBAN: iban, Reference: remittance })}</dl></section>`
}

/** Shown whole, and copied by the button beside it where the browser lets a page do that. */
function copyable(value: string): string {
  return `<code>${text(value)}</code> <button type="button" class="copy" data-text="${text(value)}" hidden>Copy</button>`
}

/** EIP-712 of EIP-3009's ReceiveWithAuthorization to the hub. `from` is filled in by whoever signs. */
function authorizationToSign({ amount, wire }: Chain, { expiresAt, nonce }: Readonly<{ expiresAt: number; nonce: Hex }>) {
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

function pairs(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([name, value]) => `<dt>${text(name)}</dt><dd>${copyable(value)}</dd>`)
    .join('')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (c) => ESCAPES[c]!)
}
