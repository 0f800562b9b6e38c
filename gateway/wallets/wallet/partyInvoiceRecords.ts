import { endedRing } from '../../ledger/process/endedRing.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readArrival } from '../../payins/settlement/facts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { PartyId } from '../../ports/ids.ts'
import { readWalletFact, type WalletFact } from './facts.ts'
import type { PartyInvoice } from './partyInvoice.ts'
import { createUnpaidInvoices } from './unpaidInvoices.ts'

/** Paid invoices that stay in memory for those who list them; older ones are read back when they are asked for. */
const PAID_KEPT = 50_000

/**
 * What the journal says of parties' invoices: by payment hash, and which of them are unpaid. An unpaid one leaves memory by its expiry and never by
 * how many came after it; a payment that comes later still finds its owner in the archive.
 */
export function createPartyInvoiceRecords(o: { books: Books; asset: Asset; paidKept?: number }) {
  const known = new Map<string, PartyInvoice>()
  const unpaid = createUnpaidInvoices()
  const paid = endedRing(o.paidKept ?? PAID_KEPT)
  const archive = o.books.archive('wallet.partyInvoices')
  const paidListeners: ((invoice: PartyInvoice) => void)[] = []

  o.books.remember({
    name: 'wallet.partyInvoices',
    form: 2,
    tables: { known, paid: paid.ended, oldestPaid: paid.oldest },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'party_invoice.made') made(own)
      else booked(fact)
    },
    derive() {
      unpaid.clear()
      for (const invoice of known.values()) if (!invoice.paid) unpaid.add(invoice)
    },
  })

  const find = (paymentHash: string) => known.get(paymentHash) ?? (archive.get(paymentHash) as PartyInvoice | undefined) // As `leave` put it.

  function made({ id, at, data }: Extract<WalletFact, { type: 'party_invoice.made' }>): void {
    const { party, invoice, purpose, expiresAt } = data
    const amount = money(o.asset, BigInt(data.units))
    const fresh: PartyInvoice = { paymentHash: id, party, amount, invoice, purpose, createdAt: at, expiresAt, paid: undefined }
    known.set(id, fresh)
    unpaid.add(fresh)
    // By the time of a fact and not by the clock, so that the same facts come to the same memory.
    for (const paymentHash of unpaid.leavingAt(at)) {
      unpaid.remove(known.get(paymentHash)!)
      leave(paymentHash)
    }
  }

  function booked(fact: Fact): void {
    const arrived = readArrival(fact)
    const invoice = arrived?.rail === 'lightning' ? find(arrived.reference) : undefined
    if (!arrived || !invoice || invoice.paid) return
    const settled = { ...invoice, paid: { at: fact.at, amount: money(o.asset, arrived.units), preimage: arrived.proof } }
    known.set(invoice.paymentHash, settled)
    unpaid.remove(invoice)
    const gone = paid.push(invoice.paymentHash)
    if (gone !== undefined) leave(gone)
    for (const listener of paidListeners) listener(settled)
  }

  /** It stays where the archive has an older state of it, which stands for ever. */
  function leave(paymentHash: string): void {
    if (archive.get(paymentHash) === undefined && archive.put(paymentHash, known.get(paymentHash))) known.delete(paymentHash)
  }

  return {
    get: find,
    /** A copy of those in memory, the oldest first. */
    all: (): PartyInvoice[] => [...known.values()],
    /** How many invoices of a party's own apps are unpaid and can still be paid. */
    ownPayable(party: PartyId, now: number): number {
      return unpaid.ownOf(party).filter((paymentHash) => known.get(paymentHash)!.expiresAt > now).length
    },
    /** Told of every payment, in the order of the journal; at a start, of those that are read from it. */
    onPaid(listener: (invoice: PartyInvoice) => void): void {
      paidListeners.push(listener)
    },
  }
}
