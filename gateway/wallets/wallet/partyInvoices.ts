import { GatewayError } from '../../errors/gatewayError.ts'
import { createShares } from '../../guard/admission/shares.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { refOf } from '../../payins/intent/refOf.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex, PartyId } from '../../ports/ids.ts'
import type { Receiver } from '../../ports/receiver.ts'
import { toWalletFact } from './facts.ts'
import type { InvoicePurpose, PartyInvoice } from './partyInvoice.ts'
import { createPartyInvoiceRecords } from './partyInvoiceRecords.ts'

type MakeInvoice = Readonly<{
  party: PartyId
  amountMsat: bigint
  expiresInS: number
  descriptionHash?: Hex
  purpose: InvoicePurpose
  /** Who asked, where anybody may: of what strangers can have open, each has a fair share. */
  asker?: string
}>

export type PartyInvoices = ReturnType<typeof createPartyInvoices>

/** Anyone can ask a Lightning Address for invoices, so what one party can have open is bounded. */
const OPEN_PER_PARTY_MAX = 200
/** Of these, what strangers can have open: the rest is for the party's own apps. */
const STRANGERS_MAX = 160
/** One network that pays none of them gets 20; some 30 networks are needed to leave nothing. */
const STRANGERS_PARTS = 8
const STRANGERS_LIFE_MS = 600_000

/** Makes invoices on behalf of parties and knows whose an arriving payment is. */
export function createPartyInvoices(o: { books: Books; receiver: Receiver | undefined; clock: Clock; asset: Asset }) {
  const records = createPartyInvoiceRecords(o)
  const shares = createShares({
    clock: o.clock,
    max: STRANGERS_MAX,
    parts: STRANGERS_PARTS,
    lifeMs: STRANGERS_LIFE_MS,
    what: 'the unpaid invoices of this payee',
  })
  /** How the share of an unpaid invoice is given back, by payment hash. */
  const strangers = new Map<string, () => void>()
  records.onPaid(({ paymentHash }) => strangers.get(paymentHash)?.())

  async function makeDurable(wish: MakeInvoice, receiver: Receiver): Promise<PartyInvoice> {
    const now = o.clock.now()
    const expiresAt = now + wish.expiresInS * 1_000
    const { purpose, descriptionHash } = wish
    const terms = await receiver.offer({
      amount: money(o.asset, wish.amountMsat),
      ref: refOf(wish.party),
      expiresAt,
      description: purpose.description,
      ...(descriptionHash ? { descriptionHash } : {}),
    })
    if (terms.wire.kind !== 'bolt11') throw new GatewayError('rail_unavailable', 'The Lightning rail made no invoice')
    const { invoice, paymentHash } = terms.wire
    const data = { party: wish.party, units: wish.amountMsat.toString(), invoice, purpose, expiresAt }
    await submitUntilKnown(o.books, { facts: [toWalletFact({ type: 'party_invoice.made', id: paymentHash, at: now, data })] })
    return records.get(paymentHash)!
  }

  return {
    /** An invoice over exactly this amount; durable, with its owner, before it is handed out. */
    async make(wish: MakeInvoice): Promise<PartyInvoice> {
      if (!o.receiver) throw new GatewayError('rail_unavailable', 'There is no Lightning rail here')
      const now = o.clock.now()
      if (records.payable(wish.party, now) >= OPEN_PER_PARTY_MAX) {
        throw new GatewayError('too_busy', `${OPEN_PER_PARTY_MAX} invoices of this payee wait to be paid`)
      }
      if (wish.asker === undefined) return makeDurable(wish, o.receiver)
      let paymentHash: string | undefined
      const giveBack = shares.take(wish.party, wish.asker, () => strangers.delete(paymentHash ?? ''))
      try {
        const made = await makeDurable(wish, o.receiver)
        paymentHash = made.paymentHash
        strangers.set(paymentHash, giveBack)
        return made
      } catch (error) {
        giveBack()
        throw error
      }
    },
    get: records.get,
    /** Whose an arriving payment is, by the reference that the rail names. */
    partyOf: (reference: string): PartyId | undefined => records.get(reference)?.party,
    /** Those that fit, the newest first. */
    list: (o: { limit: number; fits: (invoice: PartyInvoice) => boolean }): PartyInvoice[] =>
      records.all().reverse().filter(o.fits).slice(0, o.limit),
    onPaid: records.onPaid,
  }
}
