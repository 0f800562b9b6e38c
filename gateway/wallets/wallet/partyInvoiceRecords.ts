import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readArrival } from '../../payins/settlement/facts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { PartyId } from '../../ports/ids.ts'
import { readWalletFact, type WalletFact } from './facts.ts'
import type { PartyInvoice } from './partyInvoice.ts'

/** Kept in memory for those who ask; the journal keeps all. */
const KNOWN_MAX = 50_000
/** An unpaid invoice is remembered so long beyond its expiry, for a payment that was under way then. */
const GRACE_MS = 86_400_000

/** What the journal says of parties' invoices: by payment hash, and how many of each party's are unpaid. */
export function createPartyInvoiceRecords(o: { books: Books; asset: Asset }) {
  const known = new Map<string, PartyInvoice>()
  const open = new Map<PartyId, number>()
  const paidListeners: ((invoice: PartyInvoice) => void)[] = []

  o.books.remember({
    name: 'wallet.partyInvoices',
    form: 1,
    tables: { known },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'party_invoice.made') made(own)
      else booked(fact)
    },
    derive() {
      open.clear()
      for (const { party, paid } of known.values()) if (!paid) count(open, party, 1)
    },
  })

  function made({ id, at, data }: Extract<WalletFact, { type: 'party_invoice.made' }>): void {
    const { party, invoice, purpose, expiresAt } = data
    const amount = money(o.asset, BigInt(data.units))
    known.set(id, { paymentHash: id, party, amount, invoice, purpose, createdAt: at, expiresAt, paid: undefined })
    count(open, party, 1)
    if (known.size > KNOWN_MAX) forget(known.keys().next().value!)
  }

  function booked(fact: Fact): void {
    const arrived = readArrival(fact)
    const invoice = arrived?.rail === 'lightning' ? known.get(arrived.reference) : undefined
    if (!arrived || !invoice || invoice.paid) return
    const settled = { ...invoice, paid: { at: fact.at, amount: money(o.asset, arrived.units), preimage: arrived.proof } }
    known.set(invoice.paymentHash, settled)
    count(open, invoice.party, -1)
    for (const listener of paidListeners) listener(settled)
  }

  function forget(paymentHash: string): void {
    const invoice = known.get(paymentHash)
    known.delete(paymentHash)
    if (invoice && !invoice.paid) count(open, invoice.party, -1)
  }

  return {
    get: (paymentHash: string): PartyInvoice | undefined => known.get(paymentHash),
    /** A copy, the oldest first. */
    all: (): PartyInvoice[] => [...known.values()],
    /** Of a party's invoices so many are unpaid, expired ones that are still remembered included. */
    unpaid: (party: PartyId): number => open.get(party) ?? 0,
    /**
     * The oldest come first, and expiries differ little: what is long past is dropped before something new is made. That is by the clock and not by a
     * fact: who heard all facts again knows such an invoice a little longer than who was filled from a snapshot, and neither has to know it.
     */
    forgetExpired(now: number): void {
      for (const invoice of known.values()) {
        if (invoice.paid) continue
        if (invoice.expiresAt + GRACE_MS > now) break
        forget(invoice.paymentHash)
      }
    },
    /** Told of every payment, in the order of the journal; at a start, of those that are read from it. */
    onPaid(listener: (invoice: PartyInvoice) => void): void {
      paidListeners.push(listener)
    },
  }
}

/** So many more of this party's, or fewer. Who has none is not in the table. */
function count(open: Map<PartyId, number>, party: PartyId, by: number): void {
  const left = (open.get(party) ?? 0) + by
  if (left > 0) open.set(party, left)
  else open.delete(party)
}
