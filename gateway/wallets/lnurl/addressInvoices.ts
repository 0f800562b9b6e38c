import { GatewayError } from '../../errors/gatewayError.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import type { Attempt } from '../../ports/sender.ts'
import { type PayeeInvoice, requestInvoice } from './payeeInvoice.ts'
import { fetchPayTerms } from './payTerms.ts'
import type { TakenInvoices } from './takenInvoices.ts'

/** Invoices asked for by estimates and kept for the attempt that may follow: so many, and for so long. */
const KEPT_MAX = 1_000
const KEPT_MS_MAX = 60_000

export type AddressInvoiceParts = Readonly<{
  http: PublicHttp
  readInvoice: InvoiceReader
  books: Books
  taken: TakenInvoices
  clock: Clock
}>

/** An invoice that the payee's server at `host` gave at `at` (ms). */
type AskedInvoice = Readonly<{ host: string; taken: PayeeInvoice; at: number }>

/** What is asked of a payee's server. `text` is a Lightning Address or an LNURL. */
type AddressWish = Readonly<{ text: string; amountMsat: bigint; comment: string; signal?: AbortSignal }>

/** The invoices by which addresses are paid: asked for, checked, and one for each attempt. */
export function createAddressInvoices(o: AddressInvoiceParts) {
  const kept = new Map<string, AskedInvoice>()

  async function ask({ text, amountMsat, comment, signal }: AddressWish): Promise<AskedInvoice> {
    const key = `${amountMsat} ${text}`
    const before = kept.get(key)
    // A comment goes to the payee with the request, so an invoice that was asked for without it will not do.
    if (before && comment === '') {
      kept.delete(key)
      const now = o.clock.now()
      if (now - before.at <= KEPT_MS_MAX && now < before.taken.read.expiresAt) return before
    }
    const parts = { ...o, ...(signal ? { signal } : {}) }
    const terms = await fetchPayTerms(text, parts)
    const taken = await requestInvoice(terms, { amountMsat, comment }, parts)
    return { host: terms.host, taken, at: o.clock.now() }
  }

  return {
    /** A checked invoice without a comment: one that was kept, or a new one. */
    ask: (text: string, amountMsat: bigint): Promise<AskedInvoice> => ask({ text, amountMsat, comment: '' }),
    /** Keeps an invoice for the attempt that may follow. */
    keep(text: string, amountMsat: bigint, found: AskedInvoice): void {
      kept.set(`${amountMsat} ${text}`, found)
      if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
    },
    /** The invoice of this attempt, durable: the one it has, or a new one. */
    async ofAttempt(attempt: Attempt, text: string, signal: AbortSignal): Promise<string> {
      const standing = o.taken.get(attempt.id)
      if (standing) return standing.invoice
      const { host, taken } = await ask({ text, amountMsat: attempt.amount.units, comment: attempt.reference, signal })
      const facts = [o.taken.fact({ attempt: attempt.id, host, at: o.clock.now(), taken })]
      const claims = [{ key: `lnurl:${attempt.id}`, fingerprint: taken.read.paymentHash }]
      const outcome = await o.books.submit({ claims, facts })
      if (outcome.kind !== 'applied' && outcome.kind !== 'replayed') {
        throw new GatewayError('outcome_unknown', `The books did not take the invoice of ${attempt.id}`)
      }
      return taken.invoice
    },
  }
}
