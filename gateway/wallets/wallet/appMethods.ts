import type { z } from 'zod'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { BTC } from '../../money/asset.ts'
import type { Books, Json } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { AppAnswer, AppRequest, WalletApps } from '../../ports/walletApps.ts'
import { APP_METHODS, type App, type AppMethod } from './app.ts'
import { refusalOf, refuse, withParams } from './appAnswers.ts'
import type { AppPayments } from './appPayments.ts'
import type { Apps } from './apps.ts'
import { incoming } from './appTransaction.ts'
import {
  listTransactionsParams,
  lookupInvoiceParams,
  makeInvoiceParams,
  payInvoiceParams,
  payKeysendParams,
  toMsatNumber,
  toSeconds,
} from './appWire.ts'
import type { PartyInvoice } from './partyInvoice.ts'
import type { PartyInvoices } from './partyInvoices.ts'

type Parts = Readonly<{
  apps: Apps
  invoices: PartyInvoices
  payments: AppPayments
  books: Books
  readInvoice: InvoiceReader
  clock: Clock
  network: string
}>

/** What apps ask of parties' wallets (NIP-47): reads, invoices that credit the party, and payments within the app's budget. */
export function createAppMethods(o: Parts): WalletApps {
  const methods = methodTable(o)
  const listeners = new Set<(appId: string, transaction: Json) => void>()
  o.invoices.onPaid((invoice) => {
    const { kind, of } = invoice.purpose
    if (kind === 'app') for (const listener of listeners) listener(of, incoming(invoice, o.clock.now()))
  })

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
    async answer(appId, { id, method, params }: AppRequest) {
      const app = o.apps.get(appId)
      if (!o.apps.isActive(app)) return refuse('UNAUTHORIZED', 'the connection has ended')
      const known = APP_METHODS.find((name) => name === method)
      if (!known) return refuse('NOT_IMPLEMENTED', `there is no method ${method.slice(0, 40)} here`)
      if (!app.methods.includes(known)) return refuse('RESTRICTED', `this app may not ask ${known}`)
      try {
        return await methods[known](app, params, id)
      } catch (error) {
        if (!isGatewayError(error)) throw error
        return refusalOf(error)
      }
    },
  }
}

/** `id`: see `AppRequest`. */
type Method = (app: App, params: Json, id: string) => Promise<AppAnswer>

function methodTable(o: Parts): Readonly<Record<AppMethod, Method>> {
  async function makeInvoice(app: App, wanted: z.infer<typeof makeInvoiceParams>): Promise<AppAnswer> {
    const { amount, description, description_hash: hash, expiry } = wanted
    const descriptionHash = hash === undefined ? {} : { descriptionHash: `0x${hash}` as Hex } // Matched by its pattern.
    const purpose = { kind: 'app', of: app.id, description } as const
    const made = await o.invoices.make({ party: app.party, amountMsat: amount, expiresInS: expiry, purpose, ...descriptionHash })
    return { result: incoming(made, o.clock.now()) }
  }

  async function lookupInvoice(app: App, wanted: z.infer<typeof lookupInvoiceParams>): Promise<AppAnswer> {
    const read = wanted.invoice === undefined ? undefined : o.readInvoice(wanted.invoice)
    const hash = wanted.payment_hash ?? (typeof read === 'object' ? read.paymentHash : undefined)
    if (hash === undefined) return refuse('OTHER', 'name a payment_hash or an invoice')
    const made = o.invoices.get(hash)
    const found = made && isOf(app, made) ? incoming(made, o.clock.now()) : o.payments.find(app, hash)
    return found ? { result: found } : refuse('NOT_FOUND', 'this app knows no such invoice')
  }

  async function listTransactions(app: App, wanted: z.infer<typeof listTransactionsParams>): Promise<AppAnswer> {
    const { from = 0, until, limit, offset, unpaid, type } = wanted
    const inTime = (seconds: number) => seconds >= from && (until === undefined || seconds <= until)
    const fits = (made: PartyInvoice) => isOf(app, made) && (unpaid || made.paid !== undefined) && inTime(toSeconds(made.createdAt))
    const made = type === 'outgoing' ? [] : o.invoices.list({ limit: offset + limit, fits }).map((i) => incoming(i, o.clock.now()))
    const paid = type === 'incoming' ? [] : o.payments.list(app).filter((t) => (unpaid || t.state === 'settled') && inTime(t.created_at))
    const all = [...made, ...paid].sort((a, b) => b.created_at - a.created_at)
    return { result: { transactions: all.slice(offset, offset + limit), total_count: all.length } }
  }

  return {
    get_info: async ({ methods }) => ({
      result: { alias: 'switchyard', color: '#000000', network: o.network, methods, notifications: ['payment_received'] },
    }),
    get_balance: async ({ party }) => {
      const { creditsPosted, debitsPosted, debitsPending } = o.books.balance(accounts.party(party), BTC)
      await o.books.durable()
      return { result: { balance: toMsatNumber(creditsPosted - debitsPosted - debitsPending) } }
    },
    get_budget: async (app) => ({ result: o.payments.budgetOf(app) }),
    make_invoice: (app, params) => withParams(makeInvoiceParams, params, (wanted) => makeInvoice(app, wanted)),
    pay_invoice: (app, params) => withParams(payInvoiceParams, params, (wanted) => o.payments.pay(app, wanted)),
    pay_keysend: (app, params, id) => withParams(payKeysendParams, params, (wanted) => o.payments.payNode(app, wanted, id)),
    lookup_invoice: (app, params) => withParams(lookupInvoiceParams, params, (wanted) => lookupInvoice(app, wanted)),
    list_transactions: (app, params) => withParams(listTransactionsParams, params, (wanted) => listTransactions(app, wanted)),
  }
}

function isOf(app: App, { purpose }: PartyInvoice): boolean {
  return purpose.kind === 'app' && purpose.of === app.id
}
