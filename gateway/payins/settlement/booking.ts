import { moneyText, type ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { invariant, unreachable } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Parties } from '../../parties/party/parties.ts'
import type { Payee, Split, Splits } from '../../parties/party/splits.ts'
import type { AccountPath, Claim, Fact, Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EntryId, PartyId, SplitKey } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { Settlement } from '../../ports/receiver.ts'
import type { TlvRecord } from '../../ports/sender.ts'
import { closingKey, type Intent, type IntentOffer, meaningOf } from '../intent/intent.ts'
import type { IntentRecords } from '../intent/intentRecords.ts'
import { convertLegs, creditLegs, entitlementLegs, move } from './legs.ts'
import type { SettlementRecords } from './settlementRecords.ts'
import { voucherChannelBooking } from './voucherChannelBooking.ts'

/** What one settlement means to the books: claims, facts and legs to submit together. */
export type Booking = Readonly<{ claims: Claim[]; facts: Fact[]; legs: Leg[]; payment: string }>

export type BookingContext = Readonly<{
  intents: IntentRecords
  settlements: SettlementRecords
  requests: HeldAuthorizations
  parties: Parties
  /** Whose balance an invoice was made for, by the reference of its payment. */
  invoices?: Readonly<{ partyOf: (reference: string) => PartyId | undefined }>
  /** Whose a payment without an invoice is, by the records that came with it. */
  keysends?: Readonly<{
    ownerOf: (records: readonly TlvRecord[]) => { party: PartyId; name: string; podcast: string | undefined } | undefined
  }>
  splits: Splits
  receipts: ReceiptSigner
  clock: Clock
  bookAsset: Asset
  /** The payment that waits at a node under this hash, where there is a node that holds and somebody who asked it to. */
  heldPayment?: (hash: string) => HeldPayment | undefined
}>

/** The paid requests whose authorizations are held: which one a collected authorization was for, and what of its entry is to be posted. */
export type HeldAuthorizations = Readonly<{
  byAuthorization: (rail: RailName, reference: string) => Readonly<{ receipt: string; entry: EntryId; converted: bigint }> | undefined
}>

/** A payment that the node held for somebody (an exchange): its id, and what the rail's report that it is ours means to the books. */
export type HeldPayment = Readonly<{
  id: string
  booking: (arrival: Readonly<{ place: AccountPath; amount: Money; at: number }>) => { legs: Leg[]; facts: Fact[] }
}>

/** The money is where it arrived; where it goes from there. */
type Target = Readonly<{ legs: Leg[]; facts?: Fact[]; claims?: Claim[]; extra?: Record<string, string>; payment: string }>

/** A settlement that says that something moved; a demotion says that it did not. */
export type Movement = Omit<Settlement, 'kind'> & Readonly<{ kind: Exclude<Settlement['kind'], 'demoted'> }>

/** What the operator's own money is booked under, here and where a rail is first seen. */
export const CAPITAL = 'capital'

/** Reads the payee of an intent. */
export function payeeOf(intent: Intent, splits: Splits): Payee | undefined {
  if (intent.payee.kind === 'split') return { kind: 'split', split: splits.get(intent.payee.id as SplitKey) }
  const { id } = intent.payee
  const split = splits.houseOf(id)
  return split ? { kind: 'party', party: id, split } : undefined
}

/** Decides where a settlement belongs. Pure but for reading the views; nothing is booked here. `entry` is the id of the entry to come. */
export function bookingOf(s: Movement, entry: EntryId, c: BookingContext): Booking {
  const target = targetOf(s, entry, c)
  const data: Record<string, string> = {
    ...{ rail: s.rail, place: s.place, kind: s.kind, cursor: s.cursor, asset: s.amount.asset.id, units: s.amount.units.toString() },
    ...(s.reference ? { reference: s.reference } : {}),
    ...(s.splitId ? { splitId: s.splitId } : {}),
    ...(s.payer ? { payer: s.payer } : {}),
    ...(target.legs.length > 0 ? { entry } : {}),
    ...target.extra,
  }
  const fact: Fact = { type: 'settlement.booked', id: settlementId(s), at: s.at, data }
  const claim: Claim = { key: `settlement:${settlementId(s)}`, fingerprint: `${s.kind}:${s.amount.asset.id}:${s.amount.units}` }
  return { claims: [claim, ...(target.claims ?? [])], facts: [fact, ...(target.facts ?? [])], legs: target.legs, payment: target.payment }
}

/** Unique over all rails. */
export function settlementId(s: Pick<Settlement, 'rail' | 'kind' | 'id'>): string {
  return `${s.rail}:${s.kind}:${s.id}`
}

function targetOf(s: Movement, entry: EntryId, c: BookingContext): Target {
  const at = accounts.rail(s.rail, s.place === 'receiver' ? 'receiver' : s.place)
  const split = s.splitId ? c.splits.bySplitId(s.splitId) : undefined
  switch (s.kind) {
    case 'spent':
      return { legs: [move(accounts.feePaid(s.rail), at, s.amount)], payment: s.attemptId ?? settlementId(s) }
    case 'moved':
      return moved(s, at)
    case 'funded':
      return { legs: [move(at, accounts.operator(s.amount.asset, c.bookAsset), s.amount)], payment: CAPITAL }
    case 'swept':
      return swept(s, split, c)
    case 'claimed':
      return claimed(s, split, c)
    case 'received':
      return received(s, at, split, entry, c)
    case 'deposited':
    case 'vouched':
    case 'withdrawn':
      return { ...voucherChannelBooking(s, split, c.settlements), payment: split?.key ?? settlementId(s) }
    default:
      return unreachable(s.kind)
  }
}

/** From one place of a rail to another: nobody's balance changes. */
function moved(s: Settlement, from: string): Target {
  invariant(s.toPlace !== undefined && s.toPlace !== s.place, 'what moved went to another place')
  return { legs: [move(accounts.rail(s.rail, s.toPlace), from, s.amount)], extra: { toPlace: s.toPlace }, payment: settlementId(s) }
}

/** A receiver was emptied into the hub: what was undivided in the pot becomes entitlements by the contract's formula. */
function swept(s: Settlement, split: Split | undefined, c: BookingContext): Target {
  const hub = accounts.rail(s.rail, 'hub')
  if (!split)
    return {
      legs: [move(hub, accounts.suspense(s.rail), s.amount)],
      extra: { suspense: 'a sweep of a split that is not registered' },
      payment: settlementId(s),
    }
  const across = move(hub, accounts.rail(s.rail, 'receiver'), s.amount)
  const before = c.settlements.potReceived(s.rail, split.splitId)
  const extra = { potReceived: (before + s.amount.units).toString() }
  if (split.house) return { legs: [across], extra, payment: split.key }
  const legs = entitlementLegs({ split, received: before, value: s.amount.units, from: accounts.pot(split.splitId), asset: s.amount.asset })
  return { legs: [across, ...legs], extra, payment: split.key }
}

/** A payee took what it was owed out of the hub. The gateway's own account is its wallet. */
function claimed(s: Settlement, split: Split | undefined, c: BookingContext): Target {
  const hub = accounts.rail(s.rail, 'hub')
  if (!split || !s.account) return { legs: [move(accounts.suspense(s.rail), hub, s.amount)], payment: settlementId(s) }
  if (split.house) return { legs: [move(accounts.rail(s.rail, 'wallet'), hub, s.amount)], payment: split.key }
  const legs = [move(accounts.share(split.splitId, s.account), hub, s.amount)]
  // A share of the gateway itself arrives in its wallet; who of the table it belongs to is a party here.
  if (s.account.toLowerCase() === c.splits.operator.toLowerCase()) {
    const owner = split.payees.find((p) => p.account.toLowerCase() === s.account!.toLowerCase())!
    legs.push(move(accounts.rail(s.rail, 'wallet'), accounts.party(owner.party), s.amount))
  }
  return { legs, payment: split.key }
}

function received(s: Settlement, at: string, split: Split | undefined, entry: EntryId, c: BookingContext): Target {
  const asked = s.reference ? c.intents.byReference(s.rail, s.reference) : undefined
  if (asked) return forIntent(s, at, split, asked.intent, asked.offer, entry, c)
  const held = s.reference ? c.heldPayment?.(s.reference) : undefined
  if (held) return { ...held.booking({ place: at, amount: s.amount, at: s.at }), extra: { exchange: held.id }, payment: held.id }
  const request = s.reference ? c.requests.byAuthorization(s.rail, s.reference) : undefined
  if (request) {
    // The authorization that a paid request holds has been collected: the hold becomes a posting, and transit ends at the receiver.
    const legs: Leg[] = [
      { kind: 'post', pending: { entry: request.entry, leg: 0 }, asset: s.amount.asset, units: s.amount.units },
      move(accounts.rail(s.rail, 'receiver'), accounts.transit(s.rail), s.amount),
    ]
    if (request.converted > 0n)
      legs.push({ kind: 'post', pending: { entry: request.entry, leg: 1 }, asset: c.bookAsset, units: request.converted })
    return { legs, extra: { request: request.receipt }, payment: request.receipt }
  }
  if (railKind(s.rail) === 'evm' && split) return { ...onChain(s, split, c), payment: split.key }
  const party = s.reference ? (c.parties.byReference(s.reference)?.id ?? c.invoices?.partyOf(s.reference)) : undefined
  if (party) {
    const proof = s.proof === undefined ? {} : { proof: s.proof }
    return { legs: [move(at, accounts.party(party), s.amount)], extra: { party, ...proof }, payment: party }
  }
  const named = s.records && c.keysends?.ownerOf(s.records)
  if (named) {
    const podcast = named.podcast === undefined ? {} : { podcast: named.podcast }
    const legs = [move(at, accounts.party(named.party), s.amount)]
    return { legs, extra: { party: named.party, keysend: named.name, ...podcast }, payment: named.party }
  }
  const note = s.reference ? 'waits for the request that it pays, or an unknown reference' : 'no reference'
  return { legs: [move(at, accounts.suspense(s.rail), s.amount)], extra: { suspense: note }, payment: settlementId(s) }
}

/** Money of a split that came to its receiver or straight into the hub. */
function onChain(s: Settlement, split: Split, c: BookingContext): Pick<Target, 'legs' | 'extra'> {
  const inHub = s.place === 'hub'
  const at = accounts.rail(s.rail, inHub ? 'hub' : 'receiver')
  const before = c.settlements.potReceived(s.rail, split.splitId)
  const extra: Record<string, string> = inHub ? { potReceived: (before + s.amount.units).toString() } : {}
  if (split.house) return { legs: [move(at, accounts.party(split.house), s.amount)], extra }
  if (!inHub) return { legs: [move(at, accounts.pot(split.splitId), s.amount)], extra }
  return { legs: entitlementLegs({ split, received: before, value: s.amount.units, from: at, asset: s.amount.asset }), extra }
}

function forIntent(
  s: Settlement,
  at: string,
  split: Split | undefined,
  intent: Intent,
  offer: IntentOffer,
  entry: EntryId,
  c: BookingContext,
): Target {
  const meaning = meaningOf(intent, offer.amount, s.amount, s.at)
  const common = { rail: s.rail, settlementId: settlementId(s) }
  const fact = (type: string, data: Fact['data']): Fact => ({ type, id: intent.id, at: s.at, data })
  const units = (m: Money) => ({ asset: m.asset.id, units: m.units.toString() })
  const surplus = accounts.surplus(intent.id)
  // On chain the contract has bound the money to the split already: it is the payees', whatever the intent's state; the surplus is only named.
  const bound = railKind(s.rail) === 'evm' && split && !split.house ? onChain(s, split, c) : undefined
  const potFact = railKind(s.rail) === 'evm' && split ? onChain(s, split, c).extra : undefined
  if (meaning.kind === 'surplus') {
    const legs = bound?.legs ?? [move(at, surplus, s.amount)]
    const facts = [fact('intent.surplus', { ...common, amount: units(s.amount), reason: meaning.reason })]
    return { legs, facts, ...(potFact ? { extra: potFact } : {}), payment: intent.id }
  }
  const payee = payeeOf(intent, c.splits)!
  const paid = money(s.amount.asset, s.amount.units - meaning.excess.units)
  const legs = bound?.legs ?? settleLegs({ at, paid, payee, credit: intent.credit })
  if (meaning.excess.units > 0n && !bound) legs.push(move(at, surplus, meaning.excess))
  const receipt = c.receipts.issue({
    ...{
      id: c.receipts.nextId(),
      payment: intent.id,
      resource: `payment_intent ${intent.id}`,
      price: moneyText(intent.amount),
      rail: s.rail,
    },
    ...{
      paid: moneyText(s.amount),
      fee: moneyText(money(s.amount.asset, 0n)),
      rate: rateText(paid, intent.credit),
      state: 'settled' as const,
    },
    ...{ payee: intent.payee.id, split: payee.split.splitId, parts: partsOf(payee, intent.credit), entry },
  })
  const settled = fact('intent.settled', { ...common, amount: units(s.amount), receipt: receipt.id })
  const issued: Fact = { type: 'receipt.issued', id: receipt.id, at: s.at, data: receipt as unknown as Fact['data'] }
  const facts = [settled, issued]
  if (meaning.excess.units > 0n) facts.push(fact('intent.surplus', { ...common, amount: units(meaning.excess), reason: 'paid_over' }))
  const claims: Claim[] = [{ key: closingKey(intent.id), fingerprint: settlementId(s) }]
  return { legs, facts, claims, ...(potFact ? { extra: potFact } : {}), payment: intent.id }
}

function settleLegs(o: { at: string; paid: Money; payee: Payee; credit: Money }): Leg[] {
  if (sameAsset(o.paid.asset, o.credit.asset)) return creditLegs(o.payee, o.paid, o.at)
  return convertLegs({ got: o.paid, from: o.at, payee: o.payee, credit: o.credit })
}

/** The rate that was used, as the two amounts. */
export function rateText(paid: Money, credit: Money): string {
  const [a, b] = [moneyText(paid), moneyText(credit)]
  return `${a.amount} ${a.asset} = ${b.amount} ${b.asset}`
}

/** Who gets what, for a receipt. */
export function partsOf(payee: Payee, credit: Money): { to: string; amount: string }[] {
  return creditLegs(payee, credit, 'transit:receipt').map((leg) => {
    if (leg.kind !== 'move') return { to: '', amount: '0' }
    return { to: leg.credit.slice('party:'.length), amount: moneyText({ asset: leg.asset, units: leg.units }).amount }
  })
}
