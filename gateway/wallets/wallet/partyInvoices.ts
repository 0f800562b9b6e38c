import { GatewayError } from '../../errors/gatewayError.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { Books, Fact, Json } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex, PartyId } from '../../ports/ids.ts'
import type { Receiver } from '../../ports/receiver.ts'

/** What an invoice was made for: who asked and what the payer said, in words for the payee. */
export type InvoicePurpose = Readonly<{ kind: 'address' | 'app'; of: string; description: string; comment?: string; payerData?: Json }>

/** An invoice whose payment is credited to a party, in bitcoin, as it arrives. Named by its payment hash. */
export type PartyInvoice = Readonly<{
  paymentHash: string
  party: PartyId
  amount: Money
  invoice: string
  purpose: InvoicePurpose
  createdAt: number
  expiresAt: number
  paid: Readonly<{ at: number; amount: Money; preimage: string | undefined }> | undefined
}>

export type MakeInvoice = Readonly<{
  party: PartyId
  amountMsat: bigint
  expiresInS: number
  descriptionHash?: Hex
  purpose: InvoicePurpose
}>

export type PartyInvoices = ReturnType<typeof createPartyInvoices>

/** Anyone can ask a Lightning Address for invoices, so what one party can have open is bounded. */
const OPEN_PER_PARTY_MAX = 200
/** Kept in memory for those who ask; the journal keeps all. */
const KNOWN_MAX = 50_000
/** An unpaid invoice is remembered so long beyond its expiry, for a payment that was under way then. */
const GRACE_MS = 86_400_000

/** Makes invoices on behalf of parties and knows whose an arriving payment is. */
export function createPartyInvoices(o: { books: Books; receiver: Receiver | undefined; clock: Clock; asset: Asset }) {
  const known = new Map<string, PartyInvoice>()
  const open = new Map<PartyId, number>()
  const paidListeners: ((invoice: PartyInvoice) => void)[] = []

  o.books.remember({
    ...{ name: 'wallet.partyInvoices', form: 1, tables: { known } },
    apply(fact) {
      if (fact.type === 'party_invoice.made') made(fact)
      else if (fact.type === 'settlement.booked') paid(fact)
    },
    derive() {
      open.clear()
      for (const { party, paid } of known.values()) if (!paid) open.set(party, (open.get(party) ?? 0) + 1)
    },
  })

  function made(fact: Fact): void {
    const d = fact.data as unknown as { party: PartyId; units: string; invoice: string; purpose: InvoicePurpose; expiresAt: number }
    const { party, invoice, purpose, expiresAt } = d
    const amount = money(o.asset, BigInt(d.units))
    known.set(fact.id, { paymentHash: fact.id, party, amount, invoice, purpose, createdAt: fact.at, expiresAt, paid: undefined })
    open.set(party, (open.get(party) ?? 0) + 1)
    if (known.size > KNOWN_MAX) forget(known.keys().next().value!)
  }

  function paid(fact: Fact): void {
    const d = fact.data as Record<string, string>
    const invoice = d.rail === 'lightning' && d.reference ? known.get(d.reference) : undefined
    if (!invoice || invoice.paid) return
    const settled = { ...invoice, paid: { at: fact.at, amount: money(o.asset, BigInt(d.units!)), preimage: d.proof } }
    known.set(invoice.paymentHash, settled)
    countDown(invoice.party)
    for (const listener of paidListeners) listener(settled)
  }

  function forget(paymentHash: string): void {
    const invoice = known.get(paymentHash)
    known.delete(paymentHash)
    if (invoice && !invoice.paid) countDown(invoice.party)
  }

  function countDown(party: PartyId): void {
    const left = (open.get(party) ?? 1) - 1
    if (left > 0) open.set(party, left)
    else open.delete(party)
  }

  /**
   * The oldest come first, and expiries differ little: what is long past is dropped before something new is made. That is by the clock and not by a fact:
   * who heard all facts again knows such an invoice a little longer than who was filled from a snapshot, and neither has to know it.
   */
  function forgetExpired(now: number): void {
    for (const invoice of known.values()) {
      if (invoice.paid) continue
      if (invoice.expiresAt + GRACE_MS > now) break
      forget(invoice.paymentHash)
    }
  }

  /** Open and not expired: only these hold back new ones. */
  function payable(party: PartyId, now: number): number {
    if ((open.get(party) ?? 0) < OPEN_PER_PARTY_MAX) return 0
    return [...known.values()].filter((i) => i.party === party && !i.paid && i.expiresAt > now).length
  }

  return {
    /** An invoice over exactly this amount; durable, with its owner, before it is handed out. */
    async make(wish: MakeInvoice): Promise<PartyInvoice> {
      if (!o.receiver) throw new GatewayError('rail_unavailable', 'There is no Lightning rail here')
      const now = o.clock.now()
      forgetExpired(now)
      if (payable(wish.party, now) >= OPEN_PER_PARTY_MAX) {
        throw new GatewayError('too_busy', `${OPEN_PER_PARTY_MAX} invoices of this payee wait to be paid`)
      }
      const expiresAt = now + wish.expiresInS * 1_000
      const { purpose, descriptionHash } = wish
      const terms = await o.receiver.offer({
        ...{ amount: money(o.asset, wish.amountMsat), ref: refOf(wish.party), expiresAt, description: purpose.description },
        ...(descriptionHash ? { descriptionHash } : {}),
      })
      if (terms.wire.kind !== 'bolt11') throw new GatewayError('rail_unavailable', 'The Lightning rail made no invoice')
      const { invoice, paymentHash } = terms.wire
      const data = { party: wish.party, units: wish.amountMsat.toString(), invoice, purpose: purpose as Json, expiresAt }
      await submitSurely(o.books, { facts: [{ type: 'party_invoice.made', id: paymentHash, at: now, data }] })
      return known.get(paymentHash)!
    },
    get: (paymentHash: string): PartyInvoice | undefined => known.get(paymentHash),
    /** Whose an arriving payment is, by the reference that the rail names. */
    partyOf: (reference: string): PartyId | undefined => known.get(reference)?.party,
    /** Those that fit, the newest first. */
    list: (o: { limit: number; fits: (invoice: PartyInvoice) => boolean }): PartyInvoice[] =>
      [...known.values()].reverse().filter(o.fits).slice(0, o.limit),
    /** Told of every payment, in the order of the journal; at a start, of those that are read from it. */
    onPaid(listener: (invoice: PartyInvoice) => void): void {
      paidListeners.push(listener)
    },
  }
}
