import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { BTC } from '../money/asset.ts'
import { bolt11AmountMsat } from '../money/bolt11Amount.ts'
import { compare, type Money, money } from '../money/money.ts'
import { convert, type Rate } from '../money/rate.ts'
import { toHex } from './offers/bytes.ts'
import type { InvoiceOffer, Offer } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import type { Bid, PayResult, Unfit, Wallet } from './wallet.ts'

/** What a Lightning wallet answers: the preimage, or its own word that the payment failed for good. Throwing leaves the outcome unknown. */
export type InvoiceOutcome = Readonly<{ preimage: string } | { failed: string }>

/** What pays invoices: a node, or somebody's wallet. `lookupInvoice` says what became of a payment; undefined while it is still under way. */
export type InvoicePayer = Readonly<{
  payInvoice(o: { invoice: string }): Promise<InvoiceOutcome>
  lookupInvoice?(o: { invoice: string }): Promise<InvoiceOutcome | undefined>
  /** The most that routing may cost on top, in msat; counted as spent. Without it nothing is counted. */
  feeMsatMax?(amountMsat: bigint): bigint
}>

/**
 * `rate` (BTC to USD) is the payer's own: a budget in dollars is worth nothing if the server says what a bitcoin is. `network` refuses invoices of any
 * other; without it the wallet itself says no.
 */
export type LightningWalletOptions = InvoicePayer &
  Readonly<{ rate: () => Rate | Promise<Rate>; network?: 'mainnet' | 'testnet' | 'signet' | 'regtest' }>

/** The human-readable part of BOLT 11 by network. */
const PREFIX = { mainnet: 'lnbc', testnet: 'lntb', signet: 'lntbs', regtest: 'lnbcrt' } as const

/** Pays by L402 and MPP. An invoice is handed to `payInvoice` once; after that its outcome is only looked up. */
export function lightningWallet(o: LightningWalletOptions): Wallet {
  async function consider(offer: Offer, challenge: Challenge): Promise<Bid | Unfit | undefined> {
    if (offer.kind !== 'invoice') return undefined
    const { invoice } = offer
    const prefix = /^ln[a-z]+/i.exec(invoice)?.[0].toLowerCase()
    if (o.network && prefix !== PREFIX[o.network]) {
      return { reason: 'wrong_network', detail: `the invoice begins with ${prefix ?? invoice.slice(0, 8)}, the wallet is on ${o.network}` }
    }
    const amountMsat = bolt11AmountMsat(invoice)
    if (amountMsat === undefined || amountMsat === 'unreadable') return { reason: 'no_amount', detail: 'the invoice names no amount' }
    const amount = money(BTC, amountMsat)
    const withFee = money(BTC, amountMsat + (o.feeMsatMax?.(amountMsat) ?? 0n))
    const own = convert(withFee, await o.rate(), 'up')
    const stated = challenge.stated.lightning
    const cost: Money = stated && compare(stated, own) > 0 ? stated : own
    return { offer: offer.name, rail: 'lightning', cost, amount, payee: invoice, pay: () => pay(o, offer) }
  }
  return { consider }
}

async function pay(o: InvoicePayer, offer: InvoiceOffer): Promise<PayResult> {
  try {
    return result(await o.payInvoice({ invoice: offer.invoice }), offer)
  } catch (error) {
    return unknown(o, offer, error instanceof Error ? error.message : 'the wallet gave no reason')
  }
}

function unknown(o: InvoicePayer, offer: InvoiceOffer, detail: string): PayResult {
  async function lookup(): Promise<PayResult> {
    const found = await o.lookupInvoice?.({ invoice: offer.invoice })
    return found ? result(found, offer) : unknown(o, offer, detail)
  }
  return { kind: 'unknown', detail, lookup }
}

/** The receipt shows the payment hash: the preimage opens what was paid for, and receipts are printed. */
function result(outcome: InvoiceOutcome, offer: InvoiceOffer): PayResult {
  if ('failed' in outcome) return { kind: 'failed', reason: outcome.failed }
  const proof = toHex(sha256(hexToBytes(outcome.preimage))).slice(2)
  return { kind: 'paid', proof, credential: { headers: [offer.prove(outcome.preimage)] } }
}
