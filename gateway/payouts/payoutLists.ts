import { type Lister, partyOf } from '../audit/lists/lister.ts'
import { type Metadata, saidMetadata } from '../ports/metadata.ts'
import type { ListedChange } from '../ports/readLists.ts'
import type { Destination } from '../ports/sender.ts'
import { readBatchFact } from './batch/facts.ts'
import { endOf } from './batch/view.ts'
import { readNetFact } from './netting/facts.ts'
import { type MoneyData, type PayoutFact, payoutOf, readFact } from './payoutState/facts.ts'
import { readQuoteFact } from './quotes/facts.ts'
import { sentOf } from './quotes/view.ts'

const list = 'payouts'
/** What money waits under that goes back to the payer of a request. */
const SURPLUS_OF_REQUEST = /^surplus:(rc_[0-9a-f]{32})$/

/** Status as `payout/view.ts` says it. */
const listPayouts: Lister = (fact, { recall }) => {
  const known = readFact(fact)
  if (!known) return []
  if (known.type === 'payout.created') {
    const { source, behalf, sendAt, cheapest } = known.data
    const parties = [source, ...(behalf ? [behalf.account] : [])].flatMap(partyOf)
    return [
      begun(known.id, known.at, { parties, status: sendAt === undefined && !cheapest ? 'processing' : 'scheduled', order: known.data }),
    ]
  }
  const source = known.type === 'payout.settled' ? recall(known.id)?.data.source : undefined
  const request = typeof source === 'string' ? SURPLUS_OF_REQUEST.exec(source)?.[1] : undefined
  const refunded: ListedChange[] =
    request === undefined ? [] : [{ list: 'payments', id: request, status: 'refunded', only: ['refund_due'] }]
  return [changedPayout(known), ...refunded]
}

type Order = Readonly<{ amount: MoneyData; reference: string; destinations: readonly Destination[]; metadata?: Metadata }>

function begun(id: string, at: number, o: Readonly<{ parties: readonly string[]; status: string; order: Order }>): ListedChange {
  const { amount, reference, destinations, metadata } = o.order
  const units = { asset: amount.asset.id, units: BigInt(amount.units) }
  return {
    list,
    id,
    begins: { at, parties: o.parties },
    status: o.status,
    amount: units,
    ...saidMetadata(metadata),
    references: [reference, ...destinations.map(nameOf)],
  }
}

/** How its payee is known, where that is an account or an invoice. */
function nameOf(to: Destination): string {
  if (to.kind === 'iban') return to.iban
  if (to.kind === 'us_account') return to.account
  if (to.kind === 'evm_address' || to.kind === 'lightning_address') return to.address
  if (to.kind === 'lightning_invoice') return to.invoice
  return to.kind === 'party' ? to.party : ''
}

function changedPayout(fact: Exclude<PayoutFact, { type: 'payout.created' }>): ListedChange {
  const id = payoutOf(fact)
  switch (fact.type) {
    case 'decision.made':
      return { list, id, status: 'processing', only: ['scheduled'] }
    case 'attempt.sent':
      return { list, id, status: 'processing', references: [fact.id, fact.data.railKey ?? ''] }
    case 'attempt.unknown':
      return { list, id, status: 'outcome_unknown' }
    case 'attempt.failed':
      return { list, id, status: 'processing' }
    case 'payout.settled':
      return { list, id, status: 'settled', rail: fact.data.rail, references: [fact.data.evidence.id] }
    case 'payout.failed':
      return { list, id, status: 'failed' }
    case 'payout.parts_ended':
      return { list, id, status: fact.data.outcome }
    case 'payout.returned':
      return { list, id, status: 'returned' }
    case 'payout.part_returned':
      return fact.data.outcome === 'open' ? { list, id } : { list, id, status: fact.data.outcome }
    default:
      return { list, id }
  }
}

/** A member of a net is a payout of its own; what the net's payment does, all of them do. */
const listMembers: Lister = (fact, { recall }) => {
  const known = readNetFact(fact)
  if (known?.type === 'netting.joined') {
    const { source, destination, amount, reference, metadata } = known.data
    const order = { amount, reference, destinations: [destination], ...saidMetadata(metadata) }
    return [begun(known.id, known.at, { parties: partyOf(source), status: 'collecting', order })]
  }
  if (!known) return []
  const members = (recall(known.id)?.data.members ?? []) as readonly string[] // As its event has noted them.
  const status = known.type === 'netting.closed' ? 'processing' : known.data.outcome
  return members.map((id) => ({ list, id, status }))
}

/** A batch as it was asked for; its status as `batch/view.ts` says it. */
const listBatches: Lister = (fact, { recall }) => {
  const known = readBatchFact(fact)
  if (known?.type === 'payout_batch.created') {
    const { party, asset, units, feeUnits, metadata } = known.data
    const amount = { asset: asset.id, units: BigInt(units) - BigInt(feeUnits) }
    const begins = { at: known.at, parties: [party] }
    return [{ list: 'payout_batches', id: known.id, begins, status: 'processing', amount, ...saidMetadata(metadata) }]
  }
  if (known?.type !== 'payout_batch.ended') return []
  const { settled, failed, refused, canceled: unmade } = known.data
  const canceled = recall(known.id)?.data.canceled === true // As its event has noted it.
  return [{ list: 'payout_batches', id: known.id, status: endOf({ settled, unpaid: failed + refused + unmade, canceled }) }]
}

/** A quote by what would leave the balance; one that nobody used is expired when it is swept. */
const listQuotes: Lister = (fact) => {
  const known = readQuoteFact(fact)
  if (!known) return []
  const { id, at } = known
  if (known.type === 'quote.used') return [{ list: 'quotes', id, status: 'used', references: [known.data.payout] }]
  if (known.type === 'quote.expired') return [{ list: 'quotes', id, status: 'expired' }]
  const { asset, units } = sentOf(known.data)
  const begins = { at, parties: [known.data.party] }
  return [{ list: 'quotes', id, begins, status: 'open', amount: { asset: asset.id, units }, ...saidMetadata(known.data.metadata) }]
}

/** What money that goes out changes in lists. */
export const payoutLists: readonly Lister[] = [listPayouts, listMembers, listBatches, listQuotes]
