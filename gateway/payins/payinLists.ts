import type { Lister } from '../audit/lists/lister.ts'
import { readReceiptFact } from '../audit/receipt/facts.ts'
import type { Receipt } from '../audit/receipt/receipt.ts'
import { type RailName, railKind } from '../ports/railName.ts'
import type { ListedChange } from '../ports/readLists.ts'
import { readRequestFact } from './claim/facts.ts'
import { isByVoucher } from './claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from './claim/paidRequests.ts'
import { type IntentFact, type OfferData, readIntentFact } from './intent/facts.ts'
import { readPassFact } from './pass/facts.ts'
import { readGivenFact } from './refund/facts.ts'
import { readSettlementFact } from './settlement/facts.ts'

/** A hash in the name that a rail has for a payment: of a Lightning payment, or of a transaction. */
const HASHES = /(?<![0-9a-f])(?:0x)?[0-9a-f]{64}(?![0-9a-f])/g

const listIntents: Lister = (fact, { partiesOf }) => {
  const known = readIntentFact(fact)
  if (!known) return []
  if (known.type !== 'intent.created') return [changedIntent(known)]
  const { id, at, data } = known
  const { amount, payee, about, origin = '', metadata, offers } = data
  return [
    {
      list: 'payment_intents',
      id,
      begins: { at, parties: partiesOf(payee.id) },
      status: 'open',
      amount: { asset: amount.asset, units: BigInt(amount.units) },
      metadata,
      references: [about?.orderId ?? '', origin, ...referencesOf(offers)],
    },
  ]
}

function changedIntent(fact: Exclude<IntentFact, { type: 'intent.created' }>): ListedChange {
  const list = 'payment_intents'
  const { id } = fact
  switch (fact.type) {
    case 'intent.canceled':
      return { list, id, status: 'canceled' }
    case 'intent.expired':
      return { list, id, status: 'expired' }
    case 'intent.requoted':
      return { list, id, references: referencesOf(fact.data.offers) }
    case 'intent.surplus':
      return { list, id, references: hashesIn(fact.data.settlementId) }
    case 'intent.settled': {
      const { rail, receipt, settlementId } = fact.data
      return { list, id, status: 'settled', rail, references: [receipt, ...hashesIn(settlementId)] }
    }
  }
}

/** How rails will name a payment of them. What a person of a chain sees is a transaction, which comes with the payment. */
function referencesOf(offers: readonly OfferData[]): string[] {
  return offers.flatMap(({ rail, reference, wire }) => {
    if (railKind(rail) === 'evm' || railKind(rail) === 'book') return []
    return [reference, wire.kind === 'bolt11' ? wire.invoice : '', wire.kind === 'bank' ? wire.remittance : '']
  })
}

function hashesIn(text: string): string[] {
  return text.toLowerCase().match(HASHES) ?? []
}

/** Every payment has a receipt; it is its payee's, and its payer's where that is a party. */
const listReceipts: Lister = (fact, scene) => {
  const known = readReceiptFact(fact)
  if (known?.type === 'receipt.issued')
    return [issued(known.data, known.at, scene.recall(known.id)?.parties ?? [], scene.units(known.data.price))]
  if (known?.type !== 'receipt.updated') return []
  const { receipt: id, state, transaction = '', amount } = known.data
  // A part that goes back leaves the rest as it is.
  return [{ list: 'payments', id, ...(amount ? {} : { status: state }), references: [transaction] }]
}

function issued(receipt: Receipt, at: number, parties: readonly string[], amount: ListedChange['amount'] & {}): ListedChange {
  const { id, payment, rail, state } = receipt
  const references = payment.startsWith('pi_') ? [payment] : hashesIn(payment)
  return { list: 'payments', id, begins: { at, parties }, status: state === 'settled' ? 'settled' : 'held', rail, amount, references }
}

/** What became of a payment, as `status/paymentStatus.ts` says it: a test compares the two. */
const listPayments: Lister = (fact, scene) => {
  const intent = readIntentFact(fact)
  if (intent?.type === 'intent.settled')
    return [{ list: 'payments', id: intent.data.receipt, references: hashesIn(intent.data.settlementId) }]
  const settled = readSettlementFact(fact)
  if (settled?.type === 'settlement.booked' && settled.data.request !== undefined)
    return [{ list: 'payments', id: settled.data.request, references: hashesIn(settled.id) }]
  const ended = readPassFact(fact)
  if (ended?.type === 'pass.ended' && ended.data.to === 'payer' && ended.data.msat !== '0')
    return [{ list: 'payments', id: ended.data.request, status: 'refund_due' }]
  const given = readGivenFact(fact)
  if (given?.data.left === '0') {
    const isBalance = scene.recall(given.id)?.data.rail === 'book'
    return [{ list: 'payments', id: given.id, status: isBalance ? 'refunded' : 'refund_due' }]
  }
  return listRequest(fact)
}

const listRequest = (fact: Parameters<Lister>[0]): ListedChange[] => {
  const known = readRequestFact(fact)
  if (known?.type === 'request.started' && known.data.transaction !== undefined)
    return [{ list: 'payments', id: known.id, status: 'settled', only: ['held'], references: [known.data.transaction] }]
  if (known?.type === 'request.interrupted' || known?.type === 'request.handler_failed') return unserved(known.id, known.data)
  if (known?.type === 'collection.failed' || known?.type === 'collection.released')
    return [{ list: 'payments', id: known.id, status: 'failed' }]
  if (known?.type !== 'request.answered' || known.data.status >= FAILED_STATUS_MIN) return []
  const { claimKey, charge } = known.data
  const isTaken = charge && (charge.units === '0' || claimKey.startsWith('book:'))
  const status = isTaken ? 'settled' : isByVoucher({ claimKey }) ? 'held' : 'collecting'
  return [{ list: 'payments', id: known.id, status, only: ['held'] }]
}

/** A voucher's channel does not owe it, a balance has it again, what came from outside waits for its payer; unless it could not be given back. */
function unserved(
  id: string,
  { claimKey, rail, exception }: Readonly<{ claimKey: string; rail: RailName; exception?: string }>,
): ListedChange[] {
  const list = 'payments'
  if (isByVoucher({ claimKey })) return [{ list, id, status: 'failed' }]
  if (exception !== undefined) return []
  if (railKind(rail) !== 'book') return [{ list, id, status: 'refund_due', only: ['settled'] }]
  return [
    { list, id, status: 'refunded', only: ['settled'] },
    { list, id, status: 'failed', only: ['held'] },
  ]
}

/** What money that comes in changes in lists. */
export const payinLists: readonly Lister[] = [listIntents, listReceipts, listPayments]
