import type { ReceiptUpdate } from '../../audit/receipt/receiptUpdate.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Books, Claim, Entry, Fact, Leg } from '../../ports/books.ts'
import { railKind } from '../../ports/railName.ts'
import { moneyLegs } from '../exposure/exposureLegs.ts'
import { move, voidHolds } from '../settlement/legs.ts'
import { toRequestFact } from './facts.ts'
import type { PaidRequest } from './paidRequest.ts'

/** How the money of a request goes back, and what its receipt says then. `stays` says why it does not, for a person to see. */
type Reversal = Readonly<{
  legs: readonly Leg[]
  claims: readonly Claim[]
  facts: readonly Fact[]
  state?: ReceiptUpdate['state']
  stays?: string
}>

/**
 * The way back of the money of a request that was not served: a balance gets it again, an authorization is let go, and money that has arrived becomes
 * a surplus under the receipt, refundable. What a contract has bound to a split is its payees' and stays.
 */
export function reversalOf(books: Books, request: PaidRequest, at: number): Reversal {
  const entry = books.entry(request.entry)
  invariant(entry, `the entry of ${request.receipt} is booked`)
  if (railKind(request.rail) === 'evm') return letGo(request, entry, at)
  const surplus = accounts.surplus(request.receipt)
  const suspense = accounts.suspense('lightning')
  const moves = entry.legs.filter((leg) => leg.kind === 'move' && leg.credit !== surplus).reverse()
  const legs = moves.map((leg) => {
    invariant(leg.kind === 'move', 'only moves were kept')
    return move(leg.credit, leg.debit === suspense ? surplus : leg.debit, leg)
  })
  return { legs, claims: [], facts: [], state: railKind(request.rail) === 'book' ? 'refunded' : 'refund_due' }
}

function letGo(request: PaidRequest, entry: Entry, at: number): Reversal {
  // The last hold is the payee's; one before it, if any, is the conversion's.
  const hold = moneyLegs(entry).at(-1)
  invariant(hold?.kind === 'hold', `the entry of ${request.receipt} ends with a hold`)
  const { receipt, claimKey, payer, units, collection } = request
  const none = { legs: [], claims: [], facts: [] }
  if (collection === 'failed') return none
  if (collection === 'held' && !request.settleFirst) {
    const data = { claimKey, payer, reason: 'not_served', units: units.toString() }
    return {
      legs: voidHolds(entry),
      claims: [{ key: `collection:${receipt}:closed`, fingerprint: 'released' }],
      facts: [toRequestFact({ type: 'collection.released', id: receipt, at, data })],
      state: 'failed',
    }
  }
  if (collection === 'collected' && hold.credit.startsWith('party:'))
    return { ...none, legs: [move(hold.credit, accounts.surplus(receipt), hold)], state: 'refund_due' }
  return { ...none, stays: 'collected before the work, which failed; it belongs to the payees of the split' }
}
