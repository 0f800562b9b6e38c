import type { z } from 'zod'
import { isGatewayError } from '../errors/gatewayError.ts'
import { BTC } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Payouts } from '../payout/service.ts'
import type { PayoutView } from '../payout/view.ts'
import type { Books, Json } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import type { Hex, PayoutId } from '../ports/ids.ts'
import type { InvoiceReader, ReadInvoice } from '../ports/invoiceReader.ts'
import type { AppAnswer, AppErrorCode, AppRequest, WalletApps } from '../ports/walletApps.ts'
import { accounts } from '../settlement/accounts.ts'
import { APP_METHODS, type App, type AppMethod, type Apps } from './apps.ts'
import { type AppTransaction, incoming, outgoing } from './appTransaction.ts'
import { listTransactionsParams, lookupInvoiceParams, makeInvoiceParams, payInvoiceParams } from './appWire.ts'
import { periodOf } from './budgetPeriod.ts'
import type { PartyInvoice, PartyInvoices } from './partyInvoices.ts'
import type { Spending } from './spending.ts'

/** How long an app is kept waiting for a payment; after it the payment is looked up. */
const PAY_WAIT_MS = 50_000

type Parts = Readonly<{
  apps: Apps
  invoices: PartyInvoices
  payouts: Payouts
  spending: Spending
  books: Books
  readInvoice: InvoiceReader
  clock: Clock
  ids: IdSource
  network: string
  nodeId: string | undefined
}>
type Refusal = Extract<AppAnswer, { error: unknown }>

/** What apps ask of parties' wallets (NIP-47): reads, invoices that credit the party, and payments as payouts within the app's budget. */
export function createAppMethods(o: Parts): WalletApps {
  const listeners = new Set<(appId: string, transaction: Json) => void>()
  o.invoices.onPaid((invoice) => {
    const { kind, of } = invoice.purpose
    if (kind === 'app') for (const listener of listeners) listener(of, incoming(invoice, o.clock.now()))
  })

  const methods: Readonly<Record<AppMethod, (app: App, params: Json) => Promise<AppAnswer>>> = {
    get_info: async (app) => ({ result: infoOf(app) }),
    get_balance: async (app) => ({ result: { balance: Number(availableMsat(app)) } }),
    get_budget: async (app) => ({ result: budgetOf(app) }),
    make_invoice: (app, params) => checked(makeInvoiceParams, params, (wanted) => makeInvoice(app, wanted)),
    pay_invoice: (app, params) => checked(payInvoiceParams, params, (wanted) => payInvoice(app, wanted)),
    lookup_invoice: (app, params) => checked(lookupInvoiceParams, params, (wanted) => lookupInvoice(app, wanted)),
    list_transactions: (app, params) => checked(listTransactionsParams, params, (wanted) => listTransactions(app, wanted)),
  }

  function infoOf(app: App): Json {
    return { alias: 'switchyard', color: '#000000', network: o.network, methods: app.methods, notifications: ['payment_received'] }
  }

  function availableMsat({ party }: App): bigint {
    const { creditsPosted, debitsPosted, debitsPending } = o.books.balance(accounts.party(party), BTC)
    return creditsPosted - debitsPosted - debitsPending
  }

  function leftMsat(app: App): bigint {
    return app.budgetMsat - o.spending.spent(app.id, periodOf(app.period, o.clock.now()).since)
  }

  function budgetOf(app: App): Json {
    const { until } = periodOf(app.period, o.clock.now())
    const used = Number(app.budgetMsat - leftMsat(app))
    const renews = until === undefined ? {} : { renews_at: Math.trunc(until / 1_000) }
    return { used_budget: used, total_budget: Number(app.budgetMsat), renewal_period: app.period, ...renews }
  }

  async function makeInvoice(app: App, wanted: z.infer<typeof makeInvoiceParams>): Promise<AppAnswer> {
    const { amount, description, description_hash: hash, expiry } = wanted
    const descriptionHash = hash === undefined ? {} : { descriptionHash: `0x${hash}` as Hex } // Matched by its pattern.
    const purpose = { kind: 'app', of: app.id, description } as const
    const made = await o.invoices.make({ party: app.party, amountMsat: amount, expiresInS: expiry, purpose, ...descriptionHash })
    return { result: incoming(made, o.clock.now()) }
  }

  async function payInvoice(app: App, { invoice, amount }: z.infer<typeof payInvoiceParams>): Promise<AppAnswer> {
    const read = o.readInvoice(invoice)
    if (typeof read === 'string') return refuse('OTHER', `the invoice cannot be paid: ${read}`)
    const { amountMsat } = read
    if (amountMsat === undefined) return refuse('OTHER', 'the invoice names no amount')
    // It would be paid in the books, where no preimage comes back, and an app takes nothing else for a proof.
    if (read.payeeNodeId === o.nodeId) return refuse('OTHER', 'the invoice is of a payee held here: pay it by a payout')
    if (amount !== undefined && amount !== amountMsat) return refuse('OTHER', `the invoice is over ${amountMsat} msat, not ${amount}`)
    const begun = await o.spending.inTurn(app.id, () => begin(app, invoice, read, amountMsat))
    if (typeof begun !== 'string') return begun
    return paymentAnswer(await o.payouts.wait(begun, { timeoutMs: PAY_WAIT_MS }))
  }

  /** The payout of this invoice: the one that stands, or a new one within the budget. */
  async function begin(app: App, invoice: string, read: ReadInvoice, amountMsat: bigint): Promise<string | Refusal> {
    const { key, payout } = o.spending.latest(`app:${app.id}:${read.paymentHash}`, (id) => o.payouts.get(id).status === 'failed')
    if (payout !== undefined) return payout
    if (amountMsat > leftMsat(app)) return refuse('QUOTA_EXCEEDED', `the budget has ${leftMsat(app)} msat left`)
    const id = o.ids.next('po_') as PayoutId // The prefix makes it one.
    const use = o.spending.use(app.id, { payout: id, units: amountMsat, at: o.clock.now(), key })
    const destinations = [{ kind: 'lightning_invoice', invoice } as const]
    const order = { id, source: accounts.party(app.party), amount: money(BTC, amountMsat), destinations, reference: '', createdBy: app.id }
    await o.payouts.create({ ...order, along: () => use })
    return id
  }

  function lookupInvoice(app: App, wanted: z.infer<typeof lookupInvoiceParams>): Promise<AppAnswer> {
    const read = wanted.invoice === undefined ? undefined : o.readInvoice(wanted.invoice)
    const hash = wanted.payment_hash ?? (typeof read === 'object' ? read.paymentHash : undefined)
    const made = hash === undefined ? undefined : o.invoices.get(hash)
    if (made && isOf(app)(made)) return answer(incoming(made, o.clock.now()))
    const payout = hash === undefined ? undefined : o.spending.lastOf(`app:${app.id}:${hash}`)
    const [paid] = payout === undefined ? [] : transactionsOf([payout])
    return paid ? answer(paid) : Promise.resolve(refuse('NOT_FOUND', 'this app knows no such invoice'))
  }

  function listTransactions(app: App, wanted: z.infer<typeof listTransactionsParams>): Promise<AppAnswer> {
    const { from = 0, until, limit, offset, unpaid, type } = wanted
    const made =
      type === 'outgoing' ? [] : o.invoices.list({ limit: offset + limit, fits: (i) => isOf(app)(i) && (unpaid || i.paid !== undefined) })
    const paid =
      type === 'incoming' ? [] : transactionsOf(o.spending.payoutsOf(app.id)).filter(({ state }) => unpaid || state === 'settled')
    const all = [...made.map((i) => incoming(i, o.clock.now())), ...paid]
      .filter((t) => t.created_at >= from && (until === undefined || t.created_at <= until))
      .sort((a, b) => b.created_at - a.created_at)
    return answer({ transactions: all.slice(offset, offset + limit), total_count: all.length })
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
    apps: () =>
      o.apps.active().map((app) => {
        const { clientKey, serviceSecret } = o.apps.keysOf(app.id)
        return { id: app.id, clientKey, serviceSecret, methods: app.methods }
      }),
    onChange: o.apps.onChange,
    onPaid(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async answer(appId, { method, params }: AppRequest) {
      const app = o.apps.get(appId)
      if (!o.apps.isActive(app)) return refuse('UNAUTHORIZED', 'the connection has ended')
      const known = APP_METHODS.find((name) => name === method)
      if (!known) return refuse('NOT_IMPLEMENTED', `there is no method ${method.slice(0, 40)} here`)
      if (!app.methods.includes(known)) return refuse('RESTRICTED', `this app may not ask ${known}`)
      try {
        return await methods[known](app, params)
      } catch (error) {
        if (!isGatewayError(error)) throw error
        return refuse(CODES[error.code] ?? 'INTERNAL', error.shortMessage)
      }
    },
  }
}

/** What refusals of ours are called in NIP-47. */
const CODES: Readonly<Record<string, AppErrorCode>> = {
  insufficient_balance: 'INSUFFICIENT_BALANCE',
  invalid_request: 'PAYMENT_FAILED',
  invalid_amount: 'OTHER',
  no_rail: 'PAYMENT_FAILED',
  too_busy: 'RATE_LIMITED',
}

const isOf =
  (app: App) =>
  ({ purpose }: PartyInvoice): boolean =>
    purpose.kind === 'app' && purpose.of === app.id

function refuse(code: AppErrorCode, message: string): Refusal {
  return { error: { code, message } }
}

async function answer(result: Json): Promise<AppAnswer> {
  return { result }
}

/** A payment without an outcome is not a failed one: the app is told to look it up. */
function paymentAnswer(payout: PayoutView): AppAnswer {
  const preimage = payout.evidence?.proof
  if (payout.status === 'settled' && preimage) return { result: { preimage, fees_paid: 0 } }
  if (payout.status === 'failed') {
    const why = payout.attempts.at(-1)?.detail ?? payout.failure?.reasons[0]?.detail ?? 'no reason is known'
    return refuse('PAYMENT_FAILED', why.slice(0, 200))
  }
  return refuse('OTHER', 'the payment is under way or has no preimage; look it up, and do not pay it elsewhere')
}

async function checked<T>(shape: z.ZodType<T>, params: Json, work: (wanted: T) => Promise<AppAnswer>): Promise<AppAnswer> {
  const read = shape.safeParse(params)
  if (read.success) return work(read.data)
  const issue = read.error.issues[0]
  return refuse('OTHER', `${issue?.path.join('.') ?? 'params'}: ${issue?.message ?? 'wrong'}`)
}
