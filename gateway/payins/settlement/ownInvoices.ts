import type { Books, Submission } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { InvoiceReader, ReadInvoice } from '../../ports/invoiceReader.ts'
import type { FailureReason, Outcome } from '../../ports/outcome.ts'
import type { Attempt, Destination, Sender } from '../../ports/sender.ts'
import { bookingOf } from './booking.ts'
import type { BookingContext, Movement } from './bookingContext.ts'
import { settlementId } from './settlementId.ts'

/** Where a Lightning node holds money; what is paid here leaves and reaches it in the books alone. */
const PLACE = 'node'
const CHECK_AFTER_MS = 1_000

type Parts = Readonly<{
  books: Books
  ids: IdSource
  clock: Clock
  readInvoice: InvoiceReader
  /** What decides where money that arrives belongs. */
  context: BookingContext
  /** The invoice with this payment hash that was made here for a party. */
  partyInvoice: (paymentHash: string) => string | undefined
}>

/** `doubts`: what the books did not know to have taken, by the attempt. Bounded by the attempts that have no outcome; a restart reads what stands. */
type Doubting = Parts & Readonly<{ doubts: Map<string, Submission> }>

/**
 * A Lightning sender that pays invoices of this gateway's own payees in the books: at once, free, and without the node, which has no route to itself. The
 * payee gets what an arriving payment would have brought (an intent settled, an invoice paid), under the same claims.
 */
export function payOwnInvoices(inner: Sender, parts: Parts): Sender {
  const o: Doubting = { ...parts, doubts: new Map() }

  /** What is known here of an attempt. What the books did not know is asked of them again. */
  async function known(id: string): Promise<Outcome | undefined> {
    const doubt = o.doubts.get(id)
    return doubt ? book(inner, o, id, doubt) : lookup(inner, o, id)
  }

  return {
    ...inner,
    check: (destination) => (ownOf(inner, o, destination) ? undefined : inner.check(destination)),
    owns: (destination) => ownedBy(inner, o, destination),
    async estimate(query) {
      const own = ownOf(inner, o, query.destination)
      if (!own) return inner.estimate(query)
      const refused = refusal(inner, o, own)
      if (refused) return { kind: 'impossible', ...refused }
      const free = { asset: inner.asset, units: 0n }
      return {
        kind: 'possible',
        fee: free,
        feeMax: free,
        failureFee: free,
        successPpm: 1_000_000n,
        secondsToFunds: 0n,
        secondsToFail: 0n,
        available: query.amount,
      }
    },
    async send(attempt, options) {
      const before = await known(attempt.id)
      if (before) return before
      const own = ownOf(inner, o, attempt.destination)
      if (!own) return inner.send(attempt, options)
      const refused = refusal(inner, o, own)
      return refused ? { kind: 'failed', ...refused } : deliver(inner, o, attempt, own)
    },
    lookup: async (id, sent) => (await known(id)) ?? inner.lookup(id, sent),
  }
}

function ownOf({ rail }: Sender, o: Parts, destination: Destination): ReadInvoice | undefined {
  if (destination.kind !== 'lightning_invoice') return undefined
  const read = o.readInvoice(destination.invoice)
  if (typeof read === 'string') return undefined
  const wire = o.context.intents.byReference(rail, read.paymentHash)?.offer.wire
  const ours = wire?.kind === 'bolt11' ? wire.invoice : o.partyInvoice(read.paymentHash)
  // The whole text, because anybody can write an invoice over our payment hash and another amount.
  return ours?.toLowerCase() === destination.invoice.toLowerCase() ? read : undefined
}

/** Of the invoices of our own node only those of payees here are paid; any other would be paid by the node to itself. */
function ownedBy(inner: Sender, o: Parts, destination: Destination): string | undefined {
  if (destination.kind !== 'lightning_invoice' || ownOf(inner, o, destination)) return inner.owns?.(destination)
  const read = o.readInvoice(destination.invoice)
  if (typeof read === 'string') return undefined
  const node = inner.owns?.({ kind: 'lightning_node', nodeId: read.payeeNodeId })
  return node && `an invoice of ${node}`
}

/** Why it can not be paid any more. */
function refusal({ rail }: Sender, o: Parts, invoice: ReadInvoice): { reason: FailureReason; detail: string } | undefined {
  const { paymentHash, expiresAt } = invoice
  const intent = o.context.intents.byReference(rail, paymentHash)?.intent
  const byNode = settlementId({ rail, kind: 'received', id: paymentHash })
  const paid = o.books.claim(`settlement:${byNode}`) ?? o.books.claim(paidHere(paymentHash))
  if (paid || intent?.status === 'settled') return { reason: 'already_used', detail: 'the invoice, one of this gateway, is paid' }
  const over = o.clock.now() > expiresAt || (intent !== undefined && (intent.status !== 'open' || o.clock.now() > intent.expiresAt))
  return over ? { reason: 'expired', detail: 'the invoice, one of this gateway, is not to be paid any more' } : undefined
}

async function deliver(inner: Sender, o: Doubting, attempt: Attempt, { paymentHash }: ReadInvoice): Promise<Outcome> {
  const { rail } = inner
  const context = o.context
  const entry = o.ids.entry()
  const arrived: Movement = {
    kind: 'received',
    // Not named by the hash, as the node would: a payer outside may pay the same invoice still, and that is a payment of its own.
    id: `here:${attempt.id}`,
    cursor: context.settlements.cursor(rail),
    rail,
    place: PLACE,
    at: o.clock.now(),
    reference: paymentHash,
    amount: attempt.amount,
  }
  const booking = bookingOf(arrived, entry, context)
  const once = [
    { key: paidHere(paymentHash), fingerprint: attempt.id },
    { key: delivered(attempt.id), fingerprint: entry },
  ]
  const { facts, legs, payment } = booking
  return book(inner, o, attempt.id, { claims: [...booking.claims, ...once], facts, entry: { id: entry, payment, legs } })
}

/** Submits it, and keeps it while the books do not know: the node would say that it never heard of the attempt. */
async function book(inner: Sender, o: Doubting, attempt: string, submission: Submission): Promise<Outcome> {
  const outcome = await o.books.submit(submission)
  if (outcome.kind === 'unknown') {
    o.doubts.set(attempt, submission)
    return unknown('the books did not answer')
  }
  o.doubts.delete(attempt)
  if (outcome.kind === 'applied' || outcome.kind === 'replayed') return lookup(inner, o, attempt) ?? unknown('it is being booked')
  if (outcome.kind === 'conflict') return { kind: 'failed', reason: 'already_used', detail: 'the invoice was paid or closed meanwhile' }
  return { kind: 'failed', reason: 'insufficient_liquidity', detail: `the payee's asset is not there to convert into: ${outcome.status}` }
}

function lookup({ asset }: Sender, o: Parts, id: string): Outcome | undefined {
  const claim = o.books.claim(delivered(id))
  if (!claim) return undefined
  return { kind: 'settled', evidence: { rail: 'book', id: claim.fingerprint, at: o.clock.now() }, fee: { asset, units: 0n } }
}

/** An invoice is paid in the books once. */
function paidHere(paymentHash: string): string {
  return `invoice:${paymentHash}:paid_here`
}

/** What an attempt became here; its fingerprint is the entry. */
function delivered(attempt: string): string {
  return `attempt:${attempt}:delivered`
}

function unknown(detail: string): Outcome {
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail }
}
