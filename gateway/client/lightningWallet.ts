import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { BTC } from '../money/asset.ts'
import { bolt11AmountMsat } from '../money/bolt11Amount.ts'
import { money } from '../money/money.ts'
import { convert, type Rate } from '../money/rate.ts'
import { costsOf } from './costsOf.ts'
import { heldBy } from './held.ts'
import { toHex } from './offers/bytes.ts'
import type { InvoiceOffer, Offer } from './offers/offer.ts'
import { proveInvoice } from './offers/proveInvoice.ts'
import type { Challenge } from './offers/readChallenge.ts'
import type { Bid, Kept, Paying, PayResult, Unfit, Wallet } from './wallet.ts'

/** What a Lightning wallet answers: the preimage, or its own word that the payment failed for good. Throwing leaves the outcome unknown. */
export type InvoiceOutcome = Readonly<{ preimage: string } | { failed: string }>

/** What pays invoices: a node, or somebody's wallet. `lookupInvoice` says what became of a payment; undefined while it is still under way. */
export type InvoicePayer = Readonly<{
  payInvoice(o: { invoice: string }): Promise<InvoiceOutcome>
  lookupInvoice?(o: { invoice: string }): Promise<InvoiceOutcome | undefined>
  /** The most that routing may cost on top, in msat; counted as spent. Without it nothing is counted. */
  feeMsatMax?(amountMsat: bigint): bigint
  /** What it could send in all, in msat. */
  spendableMsat?(): Promise<bigint>
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
    const [rate, has] = await Promise.all([o.rate(), heldBy(o.spendableMsat?.())])
    const costs = costsOf(convert(amount, rate, 'up'), convert(withFee, rate, 'up'), challenge.stated.lightning)
    const known = has === undefined ? {} : { held: money(BTC, has) }
    return { offer: offer.name, rail: 'lightning', ...costs, amount, payee: invoice, pay: ({ keep }) => pay(o, offer, keep), ...known }
  }
  return { speaks: ['lightning/charge'], consider, resume: (kept) => (kept.kind === 'invoice' ? resumed(o, kept) : undefined) }
}

type KeptInvoice = Kept & { kind: 'invoice' }

async function pay(o: InvoicePayer, { invoice, proof }: InvoiceOffer, keep: Paying['keep']): Promise<PayResult> {
  const kept: KeptInvoice = { kind: 'invoice', invoice, proof }
  await keep(kept)
  try {
    const outcome = await o.payInvoice({ invoice })
    // Not every wallet can be asked later. Where it can not be written down, what was written before still stands.
    if ('preimage' in outcome) await keep({ kind: 'invoice', invoice, proof, preimage: outcome.preimage }).catch(() => undefined)
    return result(outcome, kept)
  } catch (error) {
    return unknown(o, kept, error instanceof Error ? error.message : 'the wallet gave no reason')
  }
}

function resumed(o: InvoicePayer, kept: KeptInvoice): PayResult {
  const { preimage } = kept
  return preimage === undefined ? unknown(o, kept, 'the process that paid has ended') : result({ preimage }, kept)
}

function unknown(o: InvoicePayer, kept: KeptInvoice, detail: string): PayResult {
  async function lookup(): Promise<PayResult> {
    const found = await o.lookupInvoice?.({ invoice: kept.invoice })
    return found ? result(found, kept) : unknown(o, kept, detail)
  }
  return { kind: 'unknown', detail, lookup }
}

/** The receipt shows the payment hash: the preimage opens what was paid for, and receipts are printed. */
function result(outcome: InvoiceOutcome, kept: KeptInvoice): PayResult {
  if ('failed' in outcome) return { kind: 'failed', reason: outcome.failed }
  const proof = toHex(sha256(hexToBytes(outcome.preimage))).slice(2)
  return { kind: 'paid', proof, credential: { headers: [proveInvoice(kept.proof, outcome.preimage)] } }
}
