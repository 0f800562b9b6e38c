import { GatewayError } from '../../errors/gatewayError.ts'
import { createShares } from '../../guard/admission/shares.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { createUnderWay } from '../../ledger/process/underWay.ts'
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

/** `asker`: who asked a Lightning Address, where anybody may. Of what strangers can have open, each has a fair share. */
type MakeInvoice = Readonly<{ party: PartyId; amountMsat: bigint; expiresInS: number; descriptionHash?: Hex }> &
  (
    | Readonly<{ purpose: InvoicePurpose & { kind: 'address' }; asker: string }>
    | Readonly<{ purpose: InvoicePurpose & { kind: 'app' }; asker?: undefined }>
  )

export type PartyInvoices = ReturnType<typeof createPartyInvoices>

/** What a party's own apps can have open. */
const OWN_MAX = 200
/** What strangers can have open of one payee in fair shares: one network that pays none of them gets 20. */
const STRANGERS_MAX = 160
const STRANGERS_PARTS = 8
/** What each network has for sure: without it some thirty together left nothing to others. Who pays has its own back at once. */
const STRANGERS_FLOOR = 5
const STRANGERS_LIFE_MS = 600_000

/** Makes invoices on behalf of parties and knows whose an arriving payment is. */
export function createPartyInvoices(o: { books: Books; receiver: Receiver | undefined; clock: Clock; asset: Asset }) {
  const records = createPartyInvoiceRecords(o)
  const shares = createShares({
    clock: o.clock,
    max: STRANGERS_MAX,
    parts: STRANGERS_PARTS,
    floor: STRANGERS_FLOOR,
    lifeMs: STRANGERS_LIFE_MS,
    what: 'the unpaid invoices of this payee',
  })
  const making = createUnderWay()
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
      if (wish.asker === undefined) {
        if (records.ownPayable(wish.party, o.clock.now()) + making.of(wish.party) >= OWN_MAX)
          throw new GatewayError('too_busy', `${OWN_MAX} invoices of this payee's apps wait to be paid`)
        const { receiver } = o
        return making.during([wish.party], () => makeDurable(wish, receiver))
      }
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
