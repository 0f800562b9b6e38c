import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { PayoutView } from '../../payouts/payout/view.ts'
import type { Json } from '../../ports/books.ts'
import type { InvoiceReader, ReadInvoice } from '../../ports/invoiceReader.ts'
import type { AppAnswer } from '../../ports/walletApps.ts'
import type { App } from './app.ts'
import { type Refusal, refuse } from './appAnswers.ts'
import { type AppTransaction, outgoing, paidMsat } from './appTransaction.ts'
import { toMsatNumber, toSeconds } from './appWire.ts'
import { periodOf } from './budgetPeriod.ts'
import { type AllowanceParts, payFromAllowance } from './payFromAllowance.ts'

/** How long an app is kept waiting for a payment; after it the payment is looked up. */
const PAY_WAIT_MS = 50_000
/** Of an app's payments so many, the latest, are gone through for a list. */
const LISTED_MAX = 500

type AppPaymentsParts = AllowanceParts &
  Readonly<{
    readInvoice: InvoiceReader
    /** Our Lightning node's key. */
    nodeId: () => string | undefined
  }>

export type AppPayments = ReturnType<typeof createAppPayments>

/** What apps spend: payouts from their party's bitcoin balance, within their budgets, one for each invoice. */
export function createAppPayments(o: AppPaymentsParts) {
  const nameOf = (app: App, paymentHash: string) => `app:${app.id}:${paymentHash}`

  function leftMsat(app: App): bigint {
    return app.budgetMsat - o.spending.spent(app.id, periodOf(app.period, o.clock.now()).since)
  }

  /** The payout of this invoice: the one that stands, or a new one within the budget. */
  async function begin(app: App, invoice: string, read: ReadInvoice, amountMsat: bigint): Promise<string | Refusal> {
    const { key, payout } = o.spending.latest(nameOf(app, read.paymentHash), (id) => o.payouts.get(id).status === 'failed')
    if (payout !== undefined) return sameAmount(o.payouts.get(payout), amountMsat)
    if (amountMsat > leftMsat(app)) return refuse('QUOTA_EXCEEDED', `the budget has ${leftMsat(app)} msat left`)
    return payFromAllowance(o, { allowance: app.id, party: app.party, key, amount: money(BTC, amountMsat), invoice, reference: '' })
  }

  function transactionsOf(payouts: readonly string[]): AppTransaction[] {
    return payouts.flatMap((id) => {
      const payout = o.payouts.get(id)
      const [destination] = payout.destinations
      const read = destination?.kind === 'lightning_invoice' ? o.readInvoice(destination.invoice) : undefined
      return destination?.kind === 'lightning_invoice' && typeof read === 'object' ? [outgoing(payout, destination.invoice, read)] : []
    })
  }

  return {
    budgetOf(app: App): Json {
      const { until } = periodOf(app.period, o.clock.now())
      const renews = until === undefined ? {} : { renews_at: toSeconds(until) }
      const used = toMsatNumber(app.budgetMsat - leftMsat(app))
      return { used_budget: used, total_budget: toMsatNumber(app.budgetMsat), renewal_period: app.period, ...renews }
    },
    /** Pays an invoice its own amount, or the app's where it leaves that open, and waits for its end as long as an app does. */
    async pay(app: App, { invoice, amount }: { invoice: string; amount?: bigint | undefined }): Promise<AppAnswer> {
      const read = o.readInvoice(invoice)
      if (typeof read === 'string') return refuse('OTHER', `the invoice cannot be paid: ${read}`)
      const amountMsat = read.amountMsat ?? amount
      if (amountMsat === undefined) return refuse('OTHER', 'the invoice leaves the amount open: send `amount`, in msat')
      // It would be paid in the books, where no preimage comes back, and an app takes nothing else for a proof.
      if (read.payeeNodeId === o.nodeId()) return refuse('OTHER', 'the invoice is of a payee held here: pay it by a payout')
      if (amount !== undefined && amount !== amountMsat) return refuse('OTHER', `the invoice is over ${amountMsat} msat, not ${amount}`)
      const begun = await o.spending.inTurn(app.id, () => begin(app, invoice, read, amountMsat))
      if (typeof begun !== 'string') return begun
      return answerOf(await o.payouts.wait(begun, { timeoutMs: PAY_WAIT_MS }))
    },
    /** What became of the app's payment of this hash. */
    find(app: App, paymentHash: string): AppTransaction | undefined {
      const payout = o.spending.lastOf(nameOf(app, paymentHash))
      return payout === undefined ? undefined : transactionsOf([payout])[0]
    },
    /** The app's latest payments that have not failed. */
    list: (app: App): AppTransaction[] => transactionsOf(o.spending.payoutsOf(app.id).slice(-LISTED_MAX)),
  }
}

/** What is paid already is not paid again, and whoever asks for another amount must not take the old proof for the new payment. */
function sameAmount(payout: PayoutView, amountMsat: bigint): string | Refusal {
  const paid = paidMsat(payout)
  return paid === amountMsat ? payout.id : refuse('OTHER', `this invoice is paid ${paid} msat, and once`)
}

/** A payment without an outcome is not a failed one: the app is told to look it up. */
function answerOf(payout: PayoutView): AppAnswer {
  const preimage = payout.evidence?.proof
  if (payout.status === 'settled' && preimage) return { result: { preimage, fees_paid: 0 } }
  if (payout.status === 'failed') {
    const why = payout.attempts.at(-1)?.detail ?? payout.failure?.reasons[0]?.detail ?? 'no reason is known'
    return refuse('PAYMENT_FAILED', why.slice(0, 200))
  }
  return refuse('OTHER', 'the payment is under way or has no preimage; look it up, and do not pay it elsewhere')
}
