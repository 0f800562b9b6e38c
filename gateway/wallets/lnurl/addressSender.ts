import type { ErrorCode } from '../../errors/catalog.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { FailureReason, Outcome } from '../../ports/outcome.ts'
import type { Destination, Sender } from '../../ports/sender.ts'
import { type AddressInvoiceParts, createAddressInvoices } from './addressInvoices.ts'
import { readLnurl } from './lnurlText.ts'
import { payTextTrouble } from './payTerms.ts'

/**
 * A Lightning sender that also pays Lightning Addresses and LNURLs: the payee's server is asked for an invoice, the invoice is checked against what was
 * agreed, made durable under the attempt's id, and paid by the sender inside. An attempt keeps its invoice, so the same attempt never pays two.
 */
export function addressSender(inner: Sender, o: AddressInvoiceParts): Sender {
  const invoices = createAddressInvoices(o)

  return {
    ...inner,
    serves: [...inner.serves, 'lightning_address', 'lnurl'],
    check(destination) {
      const text = textOf(destination)
      return text === undefined ? inner.check(destination) : payTextTrouble(text, (host) => o.http.isLocal(host))
    },
    payeeHost(destination) {
      const text = textOf(destination)
      const url = text === undefined ? undefined : readLnurl(text, (host) => o.http.isLocal(host))?.url
      return url && ownerOfHost(url.host)
    },
    async estimate(query) {
      const text = textOf(query.destination)
      if (text === undefined) return inner.estimate(query)
      try {
        const found = await invoices.ask(text, query.amount.units)
        const destination = { kind: 'lightning_invoice', invoice: found.taken.invoice } as const
        const refused = inner.check(destination)
        if (refused !== undefined) return { kind: 'impossible', reason: 'invalid_destination', detail: refused }
        invoices.keep(text, query.amount.units, found)
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
        invoice = await invoices.ofAttempt(attempt, text, options.signal)
      } catch (error) {
        // Nothing has been handed to the rail yet: this is our own explicit word.
        return { kind: 'failed', ...refusalOf(error) }
      }
      const destination: Destination = { kind: 'lightning_invoice', invoice }
      const refused = inner.check(destination)
      if (refused !== undefined) return { kind: 'failed', reason: 'invalid_destination', detail: refused }
      return inner.send({ ...attempt, destination }, options)
    },
    // Without an invoice of its own nothing of it was handed on.
    lookup(id, sent) {
      const taken = sent && textOf(sent.destination) !== undefined ? o.taken.get(id) : undefined
      return inner.lookup(id, sent && taken ? { ...sent, destination: { kind: 'lightning_invoice', invoice: taken.invoice } } : sent)
    },
  }
}

function textOf(destination: Destination): string | undefined {
  if (destination.kind === 'lightning_address') return destination.address
  return destination.kind === 'lnurl' ? destination.lnurl : undefined
}

/**
 * Whose a host most likely is: names below one another are free to make, so they count together. Below a country's own `co` or `com` it is one label more.
 */
function ownerOfHost(host: string): string {
  if (!/[a-z](?::|$)/.test(host)) return host
  const labels = host.replace(/:\d+$/, '').split('.')
  const [second = '', top = ''] = labels.slice(-2)
  return labels.slice(second.length <= 3 && top.length === 2 ? -3 : -2).join('.')
}

const NOT_SENT: ReadonlySet<ErrorCode> = new Set(['too_busy', 'ledger_unavailable', 'outcome_unknown'])

/** Why there is no invoice to pay. Without its invoice nothing was sent, whatever the books took of it, so the way may be tried again. */
function refusalOf(error: unknown): Readonly<{ reason: FailureReason; detail: string }> {
  if (!isGatewayError(error)) return { reason: 'never_sent', detail: 'the address could not be resolved' }
  const detail = error.shortMessage
  if (error.code === 'destination_forbidden' || error.code === 'invalid_request') return { reason: 'invalid_destination', detail }
  if (NOT_SENT.has(error.code)) return { reason: 'never_sent', detail }
  return { reason: 'rejected_by_payee', detail }
}
