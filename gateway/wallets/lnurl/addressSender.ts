import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { FailureReason, Outcome } from '../../ports/outcome.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import type { Attempt, Destination, Sender } from '../../ports/sender.ts'
import { type PayeeInvoice, requestInvoice } from './payeeInvoice.ts'
import { fetchPayTerms, payTextTrouble } from './payTerms.ts'
import type { TakenInvoices } from './takenInvoices.ts'

/** Invoices asked for by estimates and kept for the attempt that may follow: so many, and for so long. */
const KEPT_MAX = 1_000
const KEPT_MS_MAX = 60_000

type Kept = Readonly<{ host: string; taken: PayeeInvoice; at: number }>
type Parts = Readonly<{ http: PublicHttp; readInvoice: InvoiceReader; books: Books; taken: TakenInvoices; clock: Clock }>

/**
 * A Lightning sender that also pays Lightning Addresses and LNURLs: the payee's server is asked for an invoice, the invoice is checked against what was
 * agreed, made durable under the attempt's id, and paid by the sender inside. An attempt keeps its invoice, so the same attempt never pays two.
 */
export function addressSender(inner: Sender, o: Parts): Sender {
  const kept = new Map<string, Kept>()

  async function ask(text: string, amountMsat: bigint, comment: string, signal?: AbortSignal): Promise<Kept> {
    const key = `${amountMsat} ${text}`
    const before = kept.get(key)
    // A comment goes to the payee with the request, so an invoice that was asked for without it will not do.
    if (before && comment === '') {
      kept.delete(key)
      if (o.clock.now() - before.at <= KEPT_MS_MAX) return before
    }
    const parts = { ...o, ...(signal ? { signal } : {}) }
    const terms = await fetchPayTerms(text, parts)
    const taken = await requestInvoice(terms, { amountMsat, comment }, parts)
    return { host: terms.host, taken, at: o.clock.now() }
  }

  function keep(text: string, amountMsat: bigint, found: Kept): void {
    kept.set(`${amountMsat} ${text}`, found)
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
  }

  /** The invoice of this attempt, durable: the one it has, or a new one. */
  async function invoiceFor(attempt: Attempt, text: string, signal: AbortSignal): Promise<string> {
    const standing = o.taken.get(attempt.id)
    if (standing) return standing.invoice
    const { host, taken } = await ask(text, attempt.amount.units, attempt.reference, signal)
    const facts = [o.taken.fact({ attempt: attempt.id, host, at: o.clock.now(), taken })]
    const claims = [{ key: `lnurl:${attempt.id}`, fingerprint: taken.read.paymentHash }]
    const outcome = await o.books.submit({ claims, facts })
    if (outcome.kind !== 'applied' && outcome.kind !== 'replayed') {
      throw new GatewayError('outcome_unknown', `The books did not take the invoice of ${attempt.id}`)
    }
    return taken.invoice
  }

  return {
    ...inner,
    serves: [...inner.serves, 'lightning_address', 'lnurl'],
    check(destination) {
      const text = textOf(destination)
      return text === undefined ? inner.check(destination) : payTextTrouble(text, (host) => o.http.isLocal(host))
    },
    async estimate(query) {
      const text = textOf(query.destination)
      if (text === undefined) return inner.estimate(query)
      try {
        const found = await ask(text, query.amount.units, '')
        const destination = { kind: 'lightning_invoice', invoice: found.taken.invoice } as const
        const refused = inner.check(destination)
        if (refused !== undefined) return { kind: 'impossible', reason: 'invalid_destination', detail: refused }
        keep(text, query.amount.units, found)
        return inner.estimate({ amount: query.amount, destination })
      } catch (error) {
        return { kind: 'impossible', ...refusalOf(error) }
      }
    },
    async send(attempt, options): Promise<Outcome> {
      const text = textOf(attempt.destination)
      if (text === undefined) return inner.send(attempt, options)
      let invoice: string
      try {
        invoice = await invoiceFor(attempt, text, options.signal)
      } catch (error) {
        // Nothing has been handed to the rail yet: this is our own explicit word.
        return { kind: 'failed', ...refusalOf(error) }
      }
      const destination: Destination = { kind: 'lightning_invoice', invoice }
      const refused = inner.check(destination)
      if (refused !== undefined) return { kind: 'failed', reason: 'invalid_destination', detail: refused }
      return inner.send({ ...attempt, destination }, options)
    },
  }
}

function textOf(destination: Destination): string | undefined {
  if (destination.kind === 'lightning_address') return destination.address
  return destination.kind === 'lnurl' ? destination.lnurl : undefined
}

/** Why there is no invoice to pay. Books that are too busy took nothing, so the way may be tried again. */
function refusalOf(error: unknown): Readonly<{ reason: FailureReason; detail: string }> {
  if (!isGatewayError(error)) return { reason: 'never_sent', detail: 'the address could not be resolved' }
  const detail = error.shortMessage
  if (error.code === 'destination_forbidden' || error.code === 'invalid_request') return { reason: 'invalid_destination', detail }
  if (error.code === 'too_busy' || error.code === 'outcome_unknown') return { reason: 'never_sent', detail }
  return { reason: 'rejected_by_payee', detail }
}
