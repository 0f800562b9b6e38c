import { toReceiptFact } from '../../audit/receipt/facts.ts'
import { nextWord } from '../../audit/receipt/receiptChain.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { sameAsset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee, Split } from '../../parties/party/splits.ts'
import type { AccountPath, Claim, Fact, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { railKind } from '../../ports/railName.ts'
import { BATCH_SETTLEMENT } from '../../ports/x402Channels.ts'
import { toIntentFact } from '../intent/facts.ts'
import { closingKey, type Intent, type IntentOffer, meaningOf, type Surplus } from '../intent/intent.ts'
import { unitsData } from '../intent/intentData.ts'
import type { BookingContext, HeldAuthorization, Manner, Movement, Target } from './bookingContext.ts'
import { transactionOf } from './chainEvidence.ts'
import { intentReceipt, payeeOf } from './intentReceipt.ts'
import { convertLegs, creditLegs, entitlementLegs, move } from './legs.ts'
import { settlementId } from './settlementId.ts'
import type { Unmatched } from './unmatched.ts'

/** Money that came in: at which account, of which split when the rail names one, and the id of the entry to come. */
type Arrival = Readonly<{ s: Movement; at: AccountPath; split: Split | undefined; entry: EntryId; manner: Manner }>

/**
 * Whose an arrival is. Seven may own it, asked in this order: the payout that it came back of, the intent whose offer it pays, who had it held at the node, the
 * paid request whose authorization was collected, the split that the chain names, the party whose reference it carries, the party that its records name. What
 * none of them owns stands in suspense.
 */
export function arrivalOf(arrival: Arrival, c: BookingContext): Target {
  const { s, at, split } = arrival
  const back = returnedTo(arrival)
  if (back) return back
  const asked = s.reference ? c.intents.byReference(s.rail, s.reference) : undefined
  if (asked) return forIntent(arrival, asked, c)
  const held = s.reference ? c.heldPayment?.(s.reference) : undefined
  if (held) return { ...held.booking({ place: at, amount: s.amount, at: s.at }), extra: { exchange: held.id }, payment: held.id }
  const request = s.reference ? c.requests.byAuthorization(s.rail, s.reference) : undefined
  if (request) return forRequest(arrival, request, c)
  if (railKind(s.rail) === 'evm' && split) return { ...withCharged(s, onChain(s, split, c), c), payment: split.key }
  return forParty(s, at, c) ?? inSuspense(s, at)
}

/**
 * The authorization that a paid request holds has been collected: the hold becomes a posting, and transit ends at the receiver. Where the work has failed
 * meanwhile, the payee does not keep it.
 */
function forRequest({ s, entry: id }: Arrival, request: HeldAuthorization, c: BookingContext): Target {
  const { receipt, entry, converted } = request
  const legs: Leg[] = [
    { kind: 'post', pending: { entry, leg: 0 }, asset: s.amount.asset, units: s.amount.units },
    move(accounts.rail(s.rail, 'receiver'), accounts.transit(s.rail), s.amount),
  ]
  if (converted > 0n) legs.push({ kind: 'post', pending: { entry, leg: 1 }, asset: c.bookAsset, units: converted })
  const moneyLegs = converted > 0n ? 2 : 1
  const beside = c.requests.besideBooking(receipt, s.at)
  const { delivered, goesBack } = beside
  legs.push(...beside.legs, ...(c.settledLegs?.({ ...request, moneyLegs, delivered }) ?? []))
  const news = goesBack ? ({ state: 'refund_due', reason: 'not_served' } as const) : ({ state: 'settled' } as const)
  const word = nextWord(c.requests.headOf(receipt), s.at, { ...news, ...transactionOf(s), entry: id })
  const [facts, claims] = [
    [...beside.facts, ...word.facts],
    [...beside.claims, ...word.claims],
  ]
  return { legs, facts, claims, extra: { request: receipt }, payment: receipt }
}

/** By the reference of a top-up or of an invoice that was made here, else by the records that a wallet sent along. */
function forParty(s: Movement, at: AccountPath, c: BookingContext): Target | undefined {
  const party = s.reference ? (c.parties.byReference(s.reference)?.id ?? c.invoices?.partyOf(s.reference)) : undefined
  if (party) {
    const proof = s.proof === undefined ? {} : { proof: s.proof }
    return { legs: [move(at, accounts.party(party), s.amount)], extra: { party, ...proof }, payment: party }
  }
  const named = s.records && c.keysends?.ownerOf(s.records)
  if (!named) return undefined
  const podcast = named.podcast === undefined ? {} : { podcast: named.podcast }
  const legs = [move(at, accounts.party(named.party), s.amount)]
  return { legs, extra: { party: named.party, keysend: named.name, ...podcast }, payment: named.party }
}

/** What a payout of ours had paid and that came back: whoever had paid for it has it again. */
function returnedTo({ s, at, manner }: Arrival): Target | undefined {
  if (!manner.returned) return undefined
  const { id, booking } = manner.returned
  const { amount, reason, meaning } = s
  const back = booking({ settlement: settlementId(s), place: at, amount, at: s.at, reason, meaning, inKind: manner.inKind })
  return back && { legs: back.legs, facts: [...back.facts], claims: [...back.claims], extra: { payout: id }, payment: id }
}

function inSuspense(s: Movement, at: AccountPath): Target {
  if (s.attemptId !== undefined) {
    const suspense = `came back of attempt ${s.attemptId}, which is not settled here, was returned before or was of more`
    return waiting(s, at, suspense)
  }
  if (s.namesAttempt !== undefined)
    return waiting(s, at, `its payer names attempt ${s.namesAttempt}; the rail does not say that it came back`)
  const note = s.reference ? 'waits for the request that it pays, or an unknown reference' : 'no reference'
  return waiting(s, at, note)
}

/** Only here is kept what the payer wrote: a person needs it to find the owner. */
function waiting(s: Movement, at: AccountPath, note: string): Target {
  const extra = { suspense: note, ...(s.remittance ? { remittance: s.remittance } : {}) }
  return { legs: [move(at, accounts.suspense(s.rail), s.amount)], extra, payment: settlementId(s) }
}

/** Money of a split that came to its receiver or straight into the hub. */
function onChain(s: Movement, split: Split, c: BookingContext): Pick<Target, 'legs' | 'extra'> {
  const inHub = s.place === 'hub'
  const at = accounts.rail(s.rail, inHub ? 'hub' : 'receiver')
  const before = c.settlements.potReceived(s.rail, split.splitId)
  const extra = inHub ? { potReceived: (before + s.amount.units).toString() } : {}
  if (split.house) return { legs: [move(at, accounts.party(split.house), s.amount)], extra }
  if (!inHub) return { legs: [move(at, accounts.pot(split.splitId), s.amount)], extra }
  return { legs: entitlementLegs({ split, received: before, value: s.amount.units, from: at, asset: s.amount.asset }), extra }
}

/** What channels of x402 owed to the split and bring now is owed no more. What they bring beyond it was taken on other books. */
function withCharged(s: Movement, target: Pick<Target, 'legs' | 'extra'>, c: BookingContext): Pick<Target, 'legs' | 'extra'> {
  if (s.payer?.toLowerCase() !== BATCH_SETTLEMENT || !s.splitId) return target
  const charged = accounts.charged(s.rail, s.splitId)
  const brought = min(s.amount.units, c.settlements.standing(charged, s.amount.asset))
  if (brought === 0n) return target
  return { ...target, legs: [...target.legs, move(charged, accounts.x402Brought(s.rail, s.splitId), money(s.amount.asset, brought))] }
}

/** What pays an offer settles its intent, or is surplus of it: late, too little or a second payment. */
function forIntent(arrival: Arrival, asked: Readonly<{ intent: Intent; offer: IntentOffer }>, c: BookingContext): Target {
  const { s, at, split } = arrival
  const { intent, offer } = asked
  const meaning = meaningOf(intent, offer.amount, s.amount, s.at)
  const chain = railKind(s.rail) === 'evm' && split ? onChain(s, split, c) : undefined
  // On chain the contract has bound the money to the split already: it is the payees', whatever the intent's state; the surplus is only named.
  const bound = split?.house ? undefined : chain?.legs
  const extra = chain?.extra ? { extra: chain.extra } : {}
  if (meaning.kind === 'surplus') {
    const legs = bound ?? [move(at, accounts.surplus(intent.id), s.amount)]
    return { legs, facts: [surplusFact(s, intent, s.amount, meaning.reason)], ...extra, payment: intent.id }
  }
  return { ...settling(arrival, intent, meaning.excess, bound, c), ...extra, payment: intent.id }
}

/**
 * What it means to an intent that money which waited in suspense was for it: what arriving would have meant, at the time when it did. Undefined when the
 * intent was never offered on that rail in that asset. `id` names the hand that gave it.
 */
export function givenToIntent(
  o: Readonly<{ intent: Intent; item: Unmatched; amount: Money; id: string; entry: EntryId; inKind: boolean }>,
  c: BookingContext,
): Target | undefined {
  const { intent, item, amount, id, entry, inKind } = o
  const offer = intent.offers.find(({ rail, amount: { asset } }) => rail === item.rail && sameAsset(asset, amount.asset))
  if (!offer) return undefined
  const s: Movement = { kind: 'received', id, cursor: '', rail: item.rail, place: '', amount, at: item.at }
  const manner = { inKind, returned: undefined }
  return forIntent({ s, at: accounts.suspense(item.rail), split: undefined, entry, manner }, { intent, offer }, c)
}

/** The intent ends here, with a receipt; what is beyond its amount is surplus. `bound`: where the contract has put the money already. */
function settling(arrival: Arrival, intent: Intent, excess: Money, bound: Leg[] | undefined, c: BookingContext): Omit<Target, 'payment'> {
  const { s, at, entry, manner } = arrival
  const payee = payeeOf(intent, c.splits)!
  const paid = money(s.amount.asset, s.amount.units - excess.units)
  const credit = manner.inKind && !bound ? paid : intent.credit
  const legs = bound ?? settleLegs({ at, paid, payee, credit })
  if (excess.units > 0n && !bound) legs.push(move(at, accounts.surplus(intent.id), excess))
  const receipt = intentReceipt(c.receipts, { intent, payee, rail: s.rail, paid: s.amount, asked: paid, credit, entry })
  const inKind = sameAsset(credit.asset, intent.credit.asset) ? {} : { credited: unitsData(credit) }
  const data = { rail: s.rail, settlementId: settlementId(s), amount: unitsData(s.amount), receipt: receipt.id, ...inKind }
  const facts: Fact[] = [
    toIntentFact({ type: 'intent.settled', id: intent.id, at: s.at, data }),
    toReceiptFact({ type: 'receipt.issued', id: receipt.id, at: s.at, data: receipt }),
  ]
  if (excess.units > 0n) facts.push(surplusFact(s, intent, excess, 'paid_over'))
  const claims: Claim[] = [{ key: closingKey(intent.id), fingerprint: settlementId(s) }]
  return { legs, facts, claims }
}

function surplusFact(s: Movement, intent: Intent, amount: Money, reason: Surplus['reason']): Fact {
  const data = { rail: s.rail, settlementId: settlementId(s), amount: unitsData(amount), reason }
  return toIntentFact({ type: 'intent.surplus', id: intent.id, at: s.at, data })
}

function settleLegs(o: { at: AccountPath; paid: Money; payee: Payee; credit: Money }): Leg[] {
  if (sameAsset(o.paid.asset, o.credit.asset)) return creditLegs(o.payee, o.paid, o.at)
  return convertLegs({ got: o.paid, from: o.at, payee: o.payee, credit: o.credit })
}
