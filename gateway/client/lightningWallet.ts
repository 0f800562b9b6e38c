import { BTC } from '../money/asset.ts'
import { bolt11AmountMsat } from '../money/bolt11Amount.ts'
import { compare, type Money, money } from '../money/money.ts'
import { convert, type Rate } from '../money/rate.ts'
import type { Challenge } from './readChallenge.ts'
import type { Bid, Consideration, PayResult, Wallet } from './wallet.ts'

/** What a Lightning wallet answers: the preimage, or its own word that the payment failed for good. Throwing leaves the outcome unknown. */
export type InvoiceOutcome = Readonly<{ preimage: string } | { failed: string }>

/**
 * `rate` (BTC to USD) is the payer's own: a budget in dollars is worth nothing if the server says what a bitcoin is. `lookupInvoice` says what became of
 * a payment whose outcome is unknown; undefined while it is still under way.
 */
export type LightningWalletOptions = Readonly<{
  payInvoice(o: { invoice: string }): Promise<InvoiceOutcome>
  rate: () => Rate | Promise<Rate>
  lookupInvoice?(o: { invoice: string }): Promise<InvoiceOutcome | undefined>
}>

/** Pays by L402. An invoice is handed to `payInvoice` once; after that its outcome is only looked up. */
export function lightningWallet(o: LightningWalletOptions): Wallet {
  async function consider(challenge: Challenge): Promise<Consideration> {
    const { l402 } = challenge
    if (!l402) return { bids: [], refused: 'the 402 offers no L402 token' }
    if (challenge.authorizationTaken) return { bids: [], refused: 'the request has an Authorization of its own' }
    const amountMsat = bolt11AmountMsat(l402.invoice)
    if (amountMsat === undefined || amountMsat === 'unreadable') return { bids: [], refused: 'the invoice names no amount' }
    const amount = money(BTC, amountMsat)
    const own = convert(amount, await o.rate(), 'up')
    const stated = challenge.stated.lightning
    const cost: Money = stated && compare(stated, own) > 0 ? stated : own
    const bid: Bid = { rail: 'lightning', cost, amount, payee: l402.invoice, pay: () => pay(o, l402) }
    return { bids: [bid] }
  }
  return { rail: 'lightning', consider }
}

type Token = Readonly<{ token: string; invoice: string }>

async function pay(o: LightningWalletOptions, l402: Token): Promise<PayResult> {
  try {
    return result(await o.payInvoice({ invoice: l402.invoice }), l402)
  } catch (error) {
    return unknown(o, l402, error instanceof Error ? error.message : 'the wallet gave no reason')
  }
}

function unknown(o: LightningWalletOptions, l402: Token, detail: string): PayResult {
  async function lookup(): Promise<PayResult> {
    const found = await o.lookupInvoice?.({ invoice: l402.invoice })
    return found ? result(found, l402) : unknown(o, l402, detail)
  }
  return { kind: 'unknown', detail, lookup }
}

function result(outcome: InvoiceOutcome, l402: Token): PayResult {
  if ('failed' in outcome) return { kind: 'failed', reason: outcome.failed }
  return { kind: 'paid', credential: { headers: [['authorization', `L402 ${l402.token}:${outcome.preimage}`]] } }
}
