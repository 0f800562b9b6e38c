import { randomUUID } from 'node:crypto'
import { GatewayError } from '../errors/gatewayError.ts'
import { type Money, showMoney } from '../money/money.ts'
import { type BudgetLimits, createBudget } from './budget.ts'
import { type Delivery, deliverPayment } from './deliverPayment.ts'
import { type PaidReceipt, receiptOf } from './paidReceipt.ts'
import { consider, type Quote, quoteOf } from './quote.ts'
import { type Challenge, readChallenge } from './readChallenge.ts'
import { type ReplayableRequest, replayableRequest } from './replayableRequest.ts'
import { type Fetch, pause, type Sleep, sendOnce } from './sendPaid.ts'
import { createUnresolved, type Payment } from './unresolved.ts'
import type { Bid, Wallet } from './wallet.ts'

/** A budget is not optional. `approve` sees the quote, whose first bid is the one that would be taken. */
export type PayerOptions = Readonly<{
  wallets: readonly Wallet[]
  budget: BudgetLimits
  approve?: (quote: Quote) => boolean | Promise<boolean>
  fetch?: Fetch
  now?: () => number
  sleep?: Sleep
}>

export interface Payer {
  /**
   * As fetch, paying a 402. Throws `budget_exceeded`, `payment_declined` or `no_payable_offer` before anything is signed, and `outcome_unknown` when a
   * payment may have left: the same call again then repeats the same payment's proof and pays nothing.
   */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
  /** Sends the request without paying and says what it would cost; null when it is free, in which case it has been answered. */
  quote(url: string | URL, init?: RequestInit): Promise<Quote | null>
  /** What this payer paid, or may have paid, for this response; null when it was free. */
  receipt(response: Response): PaidReceipt | null
  /** What was spent, or may have been, in the last 24 hours. */
  spent(): Money
}

/** Makes a payer. Nothing global is patched; what it remembers lives as long as it does. */
export function createPayer(options: PayerOptions): Payer {
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const budget = createBudget(options.budget, options.now ?? Date.now)
  const unresolved = createUnresolved()
  const receipts = new WeakMap<Response, PaidReceipt>()

  /** Pays by one bid. Everything that may refuse comes before the wallet is asked. */
  async function pay(bid: Bid, quote: Quote, request: ReplayableRequest): Promise<Payment> {
    unresolved.ensureRoom()
    budget.check(bid.cost)
    if (options.approve && !(await options.approve(quote))) {
      throw new GatewayError('payment_declined', `${showMoney(bid.cost)} for ${quote.url} was not approved`)
    }
    // Checked again: others may have spent while the person was thinking.
    const release = budget.reserve(bid.cost)
    try {
      const result = await bid.pay({ idempotencyKey: request.headers.get('idempotency-key') ?? randomUUID() })
      return { bid, release, result }
    } catch (error) {
      // A wallet that throws has neither signed nor paid: what it is unsure of it says as `unknown`.
      release()
      throw error
    }
  }

  async function deliver(request: ReplayableRequest, payment: Payment): Promise<Delivery> {
    const delivery = await deliverPayment({ fetch, unresolved, sleep: options.sleep ?? pause }, request, payment)
    if (delivery.kind === 'answered') receipts.set(delivery.response, receiptOf(payment.bid, delivery.response))
    return delivery
  }

  /** Tries the bids, cheapest first; goes on only after a word that nothing was taken. */
  async function payAny(request: ReplayableRequest, challenge: Challenge): Promise<Response> {
    const { bids, refused } = await consider(options.wallets, challenge)
    const reasons: Record<string, string> = { ...refused }
    let last: Response | undefined
    for (const [i, bid] of bids.entries()) {
      const delivery = await deliver(request, await pay(bid, quoteOf(challenge, bids.slice(i), refused), request))
      if (delivery.kind === 'answered') return delivery.response
      reasons[bid.rail] = delivery.reason
      last = delivery.response
    }
    if (last) return last
    throw new GatewayError('no_payable_offer', `no wallet can pay for ${request.method} ${challenge.url}`, { meta: { refused: reasons } })
  }

  return {
    async fetch(url, init) {
      const request = replayableRequest(url, init)
      const open = unresolved.take(request.key)
      const delivery = open && (await deliver(request, open))
      if (delivery?.kind === 'answered') return delivery.response
      const response = await sendOnce(fetch, request)
      const asked = await understand(request, response)
      if (!asked) return response
      await response.body?.cancel()
      return payAny(asked.request, asked.challenge)
    },
    async quote(url, init) {
      const request = replayableRequest(url, init)
      const response = await sendOnce(fetch, request)
      const asked = await understand(request, response)
      await response.body?.cancel()
      return asked ? quote(options.wallets, asked.challenge) : null
    },
    receipt: (response) => receipts.get(response) ?? null,
    spent: () => budget.spent(),
  }
}

type Asked = Readonly<{ challenge: Challenge; request: ReplayableRequest }>

/** Reads a 402, and sends what follows to the URL that asked, which a redirect may have changed. The key stays that of the call. */
async function understand(request: ReplayableRequest, response: Response): Promise<Asked | undefined> {
  if (response.status !== 402) return undefined
  const url = response.url || request.url
  const challenge = await readChallenge(response, { url, authorizationTaken: request.headers.has('authorization') })
  return challenge && { challenge, request: { ...request, url } }
}

async function quote(wallets: readonly Wallet[], challenge: Challenge): Promise<Quote> {
  const { bids, refused } = await consider(wallets, challenge)
  return quoteOf(challenge, bids, refused)
}
