import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { PayoutView } from '../../payouts/payoutState/view.ts'
import type { Json } from '../../ports/books.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { Destination } from '../../ports/sender.ts'
import type { AppAnswer } from '../../ports/walletApps.ts'
import type { App } from './app.ts'
import { type Refusal, refuse } from './appAnswers.ts'
import { type AppTransaction, outgoing, paidMsat } from './appTransaction.ts'
import { type payKeysendParams, toMsatNumber, toSeconds } from './appWire.ts'
import { periodOf } from './budgetPeriod.ts'
import { type AllowanceParts, payFromAllowance } from './payFromAllowance.ts'

/** How long an app is kept waiting for a payment; after it the payment is looked up. */
const PAY_WAIT_MS = 50_000
/** Of an app's payments so many, the latest, are gone through for a list. */
const LISTED_MAX = 500

/** It would be paid in the books, where no preimage comes back, and an app takes nothing else for a proof. */
const HELD_HERE = 'of a payee held here: pay it by a payout'

/** What an app pays. `name` is what it is done once by; `retried`: what has failed under it may be tried again. */
type Wanted = Readonly<{ name: string; retried: boolean; amountMsat: bigint; destination: Destination }>

type AppPaymentsParts = AllowanceParts &
  Readonly<{
    readInvoice: InvoiceReader
    /** Our Lightning node's key. */
    nodeId: () => string | undefined
  }>

export type AppPayments = ReturnType<typeof createAppPayments>

/** What apps spend: payouts from their party's bitcoin balance, within their budgets, one for each invoice, or keysend. */
export function createAppPayments(o: AppPaymentsParts) {
  const nameOf = (app: App, what: string) => `app:${app.id}:${what}`

  function leftMsat(app: App): bigint {
    return app.budgetMsat - o.spending.spent(app.id, periodOf(app.period, o.clock.now()).since)
  }

  /** The payout that was made for this already, or a new one within the budget. */
  async function begin(app: App, wanted: Wanted): Promise<string | Refusal> {
    const { name, retried, amountMsat, destination } = wanted
    const { key, payout } = o.spending.latest(name, (id) => retried && o.payouts.get(id).status === 'failed')
    if (payout !== undefined) return sameAs(o.payouts.get(payout), wanted)
    if (amountMsat > leftMsat(app)) return refuse('QUOTA_EXCEEDED', `the budget has ${leftMsat(app)} msat left`)
    const amount = money(BTC, amountMsat)
    return payFromAllowance(o, { allowance: app.id, party: app.party, key, amount, destination, reference: '' })
  }

  /** Waits for the end of what it begins as long as an app does. */
  async function payOnce(app: App, wanted: Wanted): Promise<AppAnswer> {
    const begun = await o.spending.inTurn(app.id, () => begin(app, wanted))
    if (typeof begun !== 'string') return begun
    return answerOf(await o.payouts.wait(begun, { timeoutMs: PAY_WAIT_MS }))
  }

  const shown = (payouts: readonly string[]) => payouts.flatMap((id) => outgoing(o.payouts.get(id), o.readInvoice) ?? [])
  const list = (app: App): AppTransaction[] => shown(o.spending.payoutsOf(app.id).slice(-LISTED_MAX))

  return {
    budgetOf(app: App): Json {
      const { until } = periodOf(app.period, o.clock.now())
      const renews = until === undefined ? {} : { renews_at: toSeconds(until) }
      const used = toMsatNumber(app.budgetMsat - leftMsat(app))
      return { used_budget: used, total_budget: toMsatNumber(app.budgetMsat), renewal_period: app.period, ...renews }
    },
    /** Pays an invoice its own amount, or the app's where it leaves that open. What has failed may be tried again: an invoice is paid once. */
    async pay(app: App, { invoice, amount }: { invoice: string; amount?: bigint | undefined }): Promise<AppAnswer> {
      const read = o.readInvoice(invoice)
      if (typeof read === 'string') return refuse('OTHER', `the invoice cannot be paid: ${read}`)
      const amountMsat = read.amountMsat ?? amount
      if (amountMsat === undefined) return refuse('OTHER', 'the invoice leaves the amount open: send `amount`, in msat')
      if (read.payeeNodeId === o.nodeId()) return refuse('OTHER', `the invoice is ${HELD_HERE}`)
      if (amount !== undefined && amount !== amountMsat) return refuse('OTHER', `the invoice is over ${amountMsat} msat, not ${amount}`)
      const destination = { kind: 'lightning_invoice', invoice } as const
      return payOnce(app, { name: nameOf(app, read.paymentHash), retried: true, amountMsat, destination })
    },
    /** Pays a node without an invoice, once by the app's id for it, or by the request's. */
    async payNode(
      app: App,
      { id, amount, pubkey, tlv_records: told }: z.infer<typeof payKeysendParams>,
      request: string,
    ): Promise<AppAnswer> {
      if (pubkey === o.nodeId()) return refuse('OTHER', `the node is ${HELD_HERE}`)
      const records = told.map(({ type, value }) => ({ type: String(type), value }))
      const destination = { kind: 'lightning_node', nodeId: pubkey, ...(records.length > 0 && { records }) } as const
      const name = nameOf(app, id === undefined ? `keysend of ${request}` : `keysend ${id}`)
      return payOnce(app, { name, retried: false, amountMsat: amount, destination })
    },
    /** What became of the app's payment of this hash. A keysend has got its hash from our node, so the app's latest are gone through for it. */
    find(app: App, paymentHash: string): AppTransaction | undefined {
      const payout = o.spending.lastOf(nameOf(app, paymentHash))
      return payout === undefined ? list(app).find(({ payment_hash: hash }) => hash === paymentHash) : shown([payout])[0]
    },
    /** The app's latest payments that have not failed. */
    list,
  }
}

/** What was asked before is not done again, and whoever asks for something else must not take the old proof for the new payment. */
function sameAs(payout: PayoutView, { amountMsat, destination }: Wanted): string | Refusal {
  const paid = paidMsat(payout)
  const same = destination.kind === 'lightning_invoice' || isDeepStrictEqual(payout.destinations[0], destination)
  if (paid === amountMsat && same) return payout.id
  return refuse(
    'OTHER',
    same ? `this is paid ${paid} msat, and once: it is not another payment` : 'this id names another payment, and one only',
  )
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
