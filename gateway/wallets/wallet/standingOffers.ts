import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { BTC } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { readArrival } from '../../payins/settlement/facts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { ReusableOffers } from '../../ports/reusableOffers.ts'
import type { Address } from './address.ts'
import { readWalletFact, toWalletFact } from './facts.ts'

/** A BOLT 12 offer that stands for a Lightning Address. */
export type StandingOffer = Readonly<{ name: string; party: PartyId; offer: string; reference: string }>

/** A payment of a standing offer. */
type OfferPayment = Readonly<{ paymentHash: string; to: string; amount: Money; at: number }>

export type StandingOffers = ReturnType<typeof createStandingOffers>

/** Of each name so many payments are kept for those who ask; the journal keeps all. */
const SHOWN_MAX = 50

/** Offers under the names of Lightning Addresses: printed once, paid as often as anybody likes, whatever amount the payer chooses. */
export function createStandingOffers(o: { books: Books; rail: ReusableOffers | undefined; clock: Clock }) {
  const byName = new Map<string, StandingOffer>()
  const byReference = new Map<string, StandingOffer>()
  const byText = new Map<string, StandingOffer>()
  const paid = new Map<string, OfferPayment[]>()

  function index(standing: StandingOffer): void {
    byReference.set(standing.reference, standing)
    byText.set(standing.offer.toLowerCase(), standing)
  }

  function derive(): void {
    byReference.clear()
    byText.clear()
    for (const standing of byName.values()) index(standing)
  }

  o.books.remember({ name: 'wallet.standingOffers', form: 1, tables: { byName, paid }, apply, derive })

  function apply(fact: Fact): void {
    const own = readWalletFact(fact)
    if (own?.type === 'lightning_address.offered') {
      const { party, offer, reference } = own.data
      const standing: StandingOffer = { name: own.id, party, offer, reference }
      byName.set(standing.name, standing)
      index(standing)
    } else booked(fact)
  }

  function booked(fact: Fact): void {
    const arrived = readArrival(fact)
    const standing = arrived && byReference.get(arrived.reference)
    if (!standing) return
    const payment = { paymentHash: fact.id.split(':').at(-1)!, to: standing.name, amount: money(BTC, arrived.units), at: fact.at }
    paid.set(standing.name, [payment, ...(paid.get(standing.name) ?? [])].slice(0, SHOWN_MAX))
  }

  return {
    /** The offer of this address, made when it is first asked for, and durable with its owner before it is handed out. */
    async make({ name, party }: Address): Promise<StandingOffer> {
      const standing = byName.get(name)
      if (standing) return standing
      if (!o.rail) throw new GatewayError('rail_unavailable', 'The Lightning node here makes no BOLT 12 offers')
      const { offer, reference } = await o.rail.reusableOffer(`lightning address ${name}`)
      const claims = [{ key: `lightning_address:${name}:offer`, fingerprint: reference }]
      const data = { party, offer, reference }
      const fact = toWalletFact({ type: 'lightning_address.offered', id: name, at: o.clock.now(), data })
      await submitUntilKnown(o.books, { claims, facts: [fact] })
      return byName.get(name)!
    },
    find: (name: string): StandingOffer | undefined => byName.get(name),
    /** Whose a payment is, by the reference that the rail names. */
    partyOf: (reference: string): PartyId | undefined => byReference.get(reference)?.party,
    /** Whose an offer is, by its text. */
    byText: (offer: string): StandingOffer | undefined => byText.get(offer.toLowerCase()),
    /** The latest payments of a name's offer, the newest first. */
    payments: (name: string): readonly OfferPayment[] => paid.get(name) ?? [],
  }
}
