import type { ReceiptUpdate } from '../../audit/receipt/receiptUpdate.ts'
import { isUnavailable } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Books, Claim, Entry, Fact, Leg } from '../../ports/books.ts'
import { railKind } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import { move, voidHolds } from '../settlement/legs.ts'
import { booked, partyHold } from './bookedLate.ts'
import { toRequestFact } from './facts.ts'
import { isByVoucher, type PaidRequest } from './paidRequest.ts'
import { payeesLegs } from './payeesPart.ts'

/** How the money of a request goes back, and what its receipt says then. `stays` says why it does not, for a person to see. */
type Reversal = Readonly<{
  legs: readonly Leg[]
  claims: readonly Claim[]
  facts: readonly Fact[]
  state?: ReceiptUpdate['state']
  stays?: string
}>

type Parts = Readonly<{ books: Books; rates: RateSource }>

const NONE: Reversal = { legs: [], claims: [], facts: [] }

/**
 * The way back of the money of a request that was not served: a balance gets it again, a pass and an authorization are let go, and money that has arrived
 * becomes a surplus under the receipt, refundable. What a contract has bound to a split is its payees' and stays, and what is not booked yet goes back later.
 */
export function reversalOf({ books, rates }: Parts, request: PaidRequest, at: number): Reversal {
  const entry = books.entry(request.entry)
  invariant(entry, `the entry of ${request.receipt} is booked`)
  if (railKind(request.rail) === 'evm') return letGo(books, request, { entry, at })
  if (request.metered === 'open') return { ...NONE, legs: voidHolds(entry), state: 'failed' }
  const surplus = accounts.surplus(request.receipt)
  const suspense = accounts.suspense('lightning')
  const moves = entry.legs.filter((leg) => leg.kind === 'move' && leg.credit !== surplus)
  try {
    const legs = payeesLegs(moves, { rates, ageMs: at - request.at }).map((leg) =>
      move(leg.credit, leg.debit === suspense ? surplus : leg.debit, leg),
    )
    return { ...NONE, legs: [...voidHolds(entry), ...legs.reverse()], state: railKind(request.rail) === 'book' ? 'refunded' : 'refund_due' }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { ...NONE, stays: `was converted, and no rate says what it is worth now: ${error.message}` }
  }
}

/** It was collected, and what the chain took is not booked yet: a moment later it can be given back. */
export function isComing(books: Books, request: PaidRequest): boolean {
  const { rail, collection, settleFirst, started } = request
  if (railKind(rail) !== 'evm' || collection !== 'held' || !settleFirst || !started) return false
  return partyHold(books, request) !== undefined
}

function letGo(books: Books, request: PaidRequest, { entry, at }: Readonly<{ entry: Entry; at: number }>): Reversal {
  const { receipt, claimKey, payer, units, collection } = request
  if (isByVoucher(request)) return { ...NONE, legs: voidHolds(entry), state: 'failed' }
  if (collection === 'failed') return NONE
  if (collection === 'held' && !request.settleFirst) {
    const data = { claimKey, payer, reason: 'not_served', units: units.toString() }
    return {
      legs: voidHolds(entry),
      claims: [{ key: `collection:${receipt}:closed`, fingerprint: 'released' }],
      facts: [toRequestFact({ type: 'collection.released', id: receipt, at, data })],
      state: 'failed',
    }
  }
  const hold = partyHold(books, request)
  if (!hold) return { ...NONE, stays: 'collected before the work, which failed; it belongs to the payees of the split' }
  // Its payee has none of it until the chain brings it again, and what it has beside is its own.
  if (collection === 'collected' && request.takenBack)
    return { ...NONE, stays: 'the chain took its money back before the work failed; if it comes again it is the payee’s' }
  if (collection === 'collected') return { ...NONE, legs: [move(hold.credit, accounts.surplus(receipt), hold)], state: 'refund_due' }
  const stays = 'collected before the work, which failed; it is not booked yet, and goes back when it is'
  return { ...NONE, claims: [booked(request, 'not_yet')], stays }
}
