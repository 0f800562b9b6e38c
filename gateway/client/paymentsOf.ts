import { GroundError } from '../errors/groundError.ts'
import { showMoney } from '../money/money.ts'
import { type Budget, ORPHAN_MS } from './budget/budget.ts'
import type { Payment } from './deliverPayment.ts'
import { randomHex } from './offers/bytes.ts'
import type { OpenPayments } from './openPayments.ts'
import { paidBid, type Quote } from './quote.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import type { Bid, Kept, Wallet } from './wallet.ts'

type Parts = Readonly<{
  wallets: readonly Wallet[]
  approve: ((quote: Quote) => boolean | Promise<boolean>) | undefined
  budget: Budget
  open: OpenPayments
  now: () => number
}>

/** A wallet, or its person, may take so long to sign; well before what was set aside would count as nobody's. */
const SIGN_MS_MAX = ORPHAN_MS / 2

/** Makes payments, and takes up those that were left open. Neither sends the request. */
export function paymentsOf({ wallets, approve, budget, open, now }: Parts) {
  /** Pays by one bid. Everything that may refuse comes before the wallet is asked. */
  async function pay(bid: Bid, quote: Quote, request: ReplayableRequest): Promise<Payment> {
    const spending = { cost: bid.cost, origin: quote.origin }
    await budget.check(spending)
    if (approve && !(await approve(quote))) {
      throw new GroundError('payment_declined', `${showMoney(bid.cost)} for ${quote.url} was not approved`)
    }
    // Checked again: others may have spent while the person was thinking.
    const id = randomHex(8)
    const giveBack = await budget.reserve(spending, id)
    const shown = paidBid(bid)
    const reservedAt = now()
    let isKept = false
    async function keep(kept: Kept): Promise<void> {
      if (!isKept && now() - reservedAt > SIGN_MS_MAX) {
        throw new GroundError('payment_declined', `The wallet took more than ${SIGN_MS_MAX / 60_000} minutes to sign`)
      }
      await open.keep({ id, key: request.key, url: request.url, bid: shown, kept })
      isKept = true
    }
    try {
      request.init.signal?.throwIfAborted()
      const result = await bid.pay({ idempotencyKey: request.headers.get('idempotency-key') ?? randomHex(16).slice(2), keep })
      return { id, url: request.url, bid: shown, result, giveBack, settle: (taken) => budget.settle([id], taken) }
    } catch (error) {
      // A wallet that throws has neither signed nor paid: what it is unsure of it says as `unknown`.
      // Where the store fails just now, the amount stays spent and the wallet's error is the one to see.
      await open
        .end(id)
        .then(giveBack, () => open.leave(id))
        .catch(() => undefined)
      throw error
    }
  }

  /** Takes up a payment for the same request whose outcome was left open, by this process or by one that has ended. */
  async function takeUp(request: ReplayableRequest): Promise<Payment | undefined> {
    const payment = await open.take(request.key)
    if (!payment) return undefined
    const { id, url, bid, kept } = payment
    for (const wallet of wallets) {
      const result = wallet.resume(kept)
      if (result) return { id, url, bid, result, giveBack: () => budget.giveBack(id), settle: (taken) => budget.settle([id], taken) }
    }
    open.leave(id)
    throw new GroundError(
      'outcome_unknown',
      `${request.method} ${request.url} may have been paid by ${bid.rail}, by a wallet that is not here`,
      {
        hint: 'Nothing was paid now. Give the payer the wallet that it had then, and make the same request.',
      },
    )
  }

  return { pay, takeUp }
}
