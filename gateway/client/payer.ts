import { isGatewayError } from '../errors/gatewayError.ts'
import { GroundError } from '../errors/groundError.ts'
import type { Money } from '../money/money.ts'
import { acceptPaymentOf } from './acceptPayment.ts'
import { type BudgetLimits, createBudget } from './budget/budget.ts'
import type { BudgetStore } from './budget/budgetStore.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { allowsSite } from './budget/sites.ts'
import { whyTaken } from './decision.ts'
import { type Delivery, deliverPayment, type Payment } from './deliverPayment.ts'
import type { Refusal } from './offers/offer.ts'
import { type Challenge, readChallenge } from './offers/readChallenge.ts'
import { createOpenPayments, type OpenPayments } from './openPayments.ts'
import { type PaidReceipt, receiptOf } from './paidReceipt.ts'
import { createPaidTokens } from './paidTokens.ts'
import { type PaymentNow, paymentNow } from './paymentNow.ts'
import { paymentsOf } from './paymentsOf.ts'
import { checkPolicy, type PayPolicy } from './policy.ts'
import { consider, type Quote, quotedBid, quoteOf } from './quote.ts'
import { AHEAD_BYTES } from './receivedAnswer.ts'
import { type ReplayableRequest, replayableRequest } from './replayableRequest.ts'
import { type Fetch, pause, type Sleep, sendOnce } from './sendPaid.ts'
import { takenOf } from './takenOf.ts'
import type { Bid, Wallet } from './wallet.ts'

/**
 * A budget is not optional, and none is zero. `store` remembers what was spent and which payments are open: without one, as long as the payer lives.
 * `approve` sees the quote, whose first bid is the one that would be taken. `aheadBytes`: so much of a paid answer is read before its caller asks for it, by
 * default 65,536; a payment is open until its answer was read, so with 0 until the caller has taken the last of it. `saysHowItPays`: its wallets are named
 * to the servers that may be paid, by `Accept-Payment`, unless it is false.
 */
export type PayerOptions = Readonly<{
  wallets: readonly Wallet[]
  budget: BudgetLimits
  store?: BudgetStore
  approve?: (quote: Quote) => boolean | Promise<boolean>
  fetch?: Fetch
  now?: () => number
  sleep?: Sleep
  aheadBytes?: number
  saysHowItPays?: boolean
  policy?: PayPolicy
}>

export interface Payer {
  /**
   * As fetch, paying a 402, or showing a token of L402 that was paid for before. Throws `budget_exceeded`, `budget_store_failed`, `payment_declined` or
   * `no_payable_offer` before anything is signed, and `outcome_unknown` when a payment may have left: the same call again then repeats the same payment's proof
   * and pays nothing.
   */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
  /** Sends the request without paying or showing a token, and says what it would cost; null when it is free, in which case it has been answered. */
  quote(url: string | URL, init?: RequestInit): Promise<Quote | null>
  /**
   * No longer takes up what was left open for this request, when a person has looked what became of it; it counts as spent. Answers how many payments that
   * were. Tokens of its server are no longer shown.
   */
  forget(url: string | URL, init?: RequestInit): Promise<number>
  /** What this payer paid for this response; null when it was free, and when what became of the payment is open. */
  receipt(response: Response): PaidReceipt | null
  /**
   * What became of the payment of a receipt, by its gateway: an authorization may be collected after the answer. Null where the server named no place to ask.
   * Throws `outcome_unknown` when it does not say, and `invalid_request` when the place is no site of this payer.
   */
  payment(receipt: Pick<PaidReceipt, 'url' | 'statusUrl'>): Promise<PaymentNow | null>
  /** True when a payment was sent for this response, and it leaves open what became of it: the same call again repeats the proof and pays nothing. */
  isOpen(response: Response): boolean
  /** What was spent, or may have been, in the last 24 hours. */
  spent(): Promise<Money>
}

/** Makes a payer. Nothing global is patched; what was spent and which payments are open lives in its store. */
export function createPayer(options: PayerOptions): Payer {
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const now = options.now ?? Date.now
  const store = options.store ?? memoryStore()
  const budget = createBudget(options.budget, { store, now, openIds: () => open.ids() })
  const open: OpenPayments = createOpenPayments(store, { now, settle: budget.settle })
  const { wallets, policy = {}, aheadBytes = AHEAD_BYTES, sleep = pause } = options
  checkPolicy(policy)
  const allows = (origin: string) => allowsSite(options.budget.sites, origin)
  const { pay, takeUp } = paymentsOf({ wallets, approve: options.approve, budget, open, now })
  const tokens = createPaidTokens(store, { fetch, allows, now })
  const accept = acceptPaymentOf(options.saysHowItPays === false ? [] : wallets, { allows, policy })
  const receipts = new WeakMap<Response, PaidReceipt>()
  const unresolved = new WeakSet<Response>()

  async function deliver(request: ReplayableRequest, payment: Payment): Promise<Delivery> {
    const delivery = await deliverPayment({ fetch, open, allows, sleep, aheadBytes }, request, payment)
    if (delivery.kind === 'answered') {
      const { response, proof, credential, resolved } = delivery
      // Its answer is here: where the store fails just now, the next request is paid for anew.
      if (resolved) await tokens.keep(payment.url, credential, response).catch(() => undefined)
      if (resolved)
        receipts.set(response, receiptOf(takenOf(payment.bid, response), { url: payment.url, proof, response, decision: payment.decision }))
      else unresolved.add(response)
    }
    return delivery
  }

  /** What this answer asks where it is a 402, which is asked for once more in other words where nothing of it can be paid. */
  async function answered(request: ReplayableRequest, response: Response): Promise<Answered> {
    const asked = await understand(request, response, now())
    const otherwise = asked && accept.otherwise(asked)
    if (!otherwise || (await consider(wallets, asked.challenge, policy)).bids.length > 0) return { response, asked }
    await response.body?.cancel()
    const again = await sendOnce(fetch, otherwise)
    return { response: again, asked: await understand(otherwise, again, now()) }
  }

  return {
    async fetch(url, init) {
      const request = accept.said(replayableRequest(url, init))
      const payment = await takeUp(request)
      const delivery = payment && (await deliver(request, payment))
      if (delivery?.kind === 'answered') return delivery.response
      const tried = new Set<string>()
      const first = (await tokens.show(request, tried)) ?? (await sendOnce(fetch, request))
      const { response, asked } = await answered(request, first)
      if (!asked) return response
      await response.body?.cancel()
      const opened = await tokens.showAsked(asked, tried)
      return opened ?? payAny({ wallets, policy, pay, deliver }, asked.request, asked.challenge)
    },
    async quote(url, init) {
      const request = accept.said(replayableRequest(url, init))
      const { response, asked } = await answered(request, await sendOnce(fetch, request))
      await response.body?.cancel()
      return asked ? quoteOf(asked.challenge, await consider(wallets, asked.challenge, policy), policy) : null
    },
    async forget(url, init) {
      const request = replayableRequest(url, init)
      await tokens.forget(request.url)
      return open.forget(request.key)
    },
    receipt: (response) => receipts.get(response) ?? null,
    payment: (receipt) => paymentNow(receipt, { fetch, allows }),
    isOpen: (response) => unresolved.has(response),
    spent: () => budget.spent(),
  }
}

type Asked = Readonly<{ challenge: Challenge; request: ReplayableRequest }>
type Answered = Readonly<{ response: Response; asked: Asked | undefined }>

/**
 * Reads a 402, and sends what follows to the URL that asked, which a redirect may have changed. The key stays that of the call. What fetch dropped on the way
 * (headers and method, at another origin) is not known here, so only a GET that stayed at its origin is paid.
 */
async function understand(request: ReplayableRequest, response: Response, now: number): Promise<Asked | undefined> {
  if (response.status !== 402) return undefined
  const url = response.url || request.url
  const challenge = await readChallenge(response, { url, authorizationTaken: request.headers.has('authorization'), now })
  if (staysHere(request, url)) return { challenge, request: { ...request, url } }
  const detail = `${request.url} was redirected to ${url}, and no payment follows a redirect but that of a GET to its own origin: ask ${url} itself`
  return {
    challenge: { ...challenge, offers: [], unread: [{ offer: 'the 402', reason: 'redirected', detail }], hasInvoiceByName: false },
    request,
  }
}

function staysHere({ url, method }: ReplayableRequest, asking: string): boolean {
  const [called, asked] = [new URL(url), new URL(asking)]
  if (called.origin !== asked.origin) return false
  return method === 'GET' || method === 'HEAD' || `${called.pathname}${called.search}` === `${asked.pathname}${asked.search}`
}

type Steps = Readonly<{
  wallets: readonly Wallet[]
  policy: PayPolicy
  pay: (bid: Bid, quote: Quote, request: ReplayableRequest) => Promise<Payment>
  deliver: (request: ReplayableRequest, payment: Payment) => Promise<Delivery>
}>

/** Tries the bids, the least full cost first; goes on only after a word that nothing was taken. */
async function payAny({ wallets, policy, pay, deliver }: Steps, request: ReplayableRequest, challenge: Challenge): Promise<Response> {
  const { bids, refused } = await consider(wallets, challenge, policy)
  const shown = bids.map(quotedBid)
  const failed: Refusal[] = []
  let last: Response | undefined
  for (const [i, bid] of bids.entries()) {
    const left = bids.slice(i)
    const why = whyTaken(bids, policy, failed)
    const quote = quoteOf(challenge, { bids: left, refused }, policy)
    const payment = await pay(bid, quote, request).catch((error: unknown) => {
      throw withReasons(error, left, [...refused, ...failed])
    })
    const delivery = await deliver(request, { ...payment, ...(why !== undefined && { decision: { why, bids: shown, refused } }) })
    if (delivery.kind === 'answered') return delivery.response
    failed.push({ offer: bid.offer, reason: 'wallet_failed', detail: delivery.reason })
    last = delivery.response
  }
  if (last) return last
  throw unpayable(request, challenge, [...refused, ...failed])
}

function unpayable(request: ReplayableRequest, { url, origin }: Challenge, refused: readonly Refusal[]): GroundError {
  const why = refused.map(({ offer, detail }) => `${offer}: ${detail}`).join('; ')
  return new GroundError('no_payable_offer', `No wallet can pay for ${request.method} ${url}. ${why.slice(0, 1_000)}`, {
    meta: { origin, refused },
    ...(refused.some(({ reason }) => reason === 'redirected') && {
      hint: 'Nothing was signed or paid. Make the request at the URL that asks.',
    }),
  })
}

/** A refusal by the budget says of every offer why it is not paid; the bids that are left cost as much or more. */
function withReasons(error: unknown, left: readonly Bid[], reasons: readonly Refusal[]): unknown {
  if (!isGatewayError(error, 'budget_exceeded')) return error
  const above = left.map(({ offer }): Refusal => ({ offer, reason: 'above_budget', detail: error.shortMessage }))
  const { shortMessage, hint, meta } = error
  return new GroundError('budget_exceeded', shortMessage, { hint, meta: { ...meta, refused: [...reasons, ...above] } })
}
