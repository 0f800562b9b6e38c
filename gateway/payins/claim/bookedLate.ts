import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Books, Claim, Leg } from '../../ports/books.ts'
import { moneyLegs } from '../exposure/exposureLegs.ts'
import type { BesideBooking } from '../settlement/bookingContext.ts'
import { move } from '../settlement/legs.ts'
import { toRequestFact } from './facts.ts'
import { isDelivered, type PaidRequest } from './paidRequest.ts'
import { ofRun } from './runClaims.ts'

type Hold = Extract<Leg, { kind: 'hold' }>

/** What an authorization promises to a party; undefined where a contract binds it to a split. The last hold is the payee's, one before it the conversion's. */
export function partyHold(books: Pick<Books, 'entry'>, { entry }: Pick<PaidRequest, 'entry'>): Hold | undefined {
  const hold = moneyLegs(books.entry(entry) ?? { legs: [] }).at(-1)
  return hold?.kind === 'hold' && hold.credit.startsWith('party:') ? hold : undefined
}

/**
 * Whether the money of this run was booked before the run failed. Both sides claim it with what they do, so that neither can miss the other: who comes
 * second is told so, and decides anew.
 */
export function booked(request: PaidRequest, when: 'in_time' | 'not_yet'): Claim {
  return { key: ofRun(`request:${request.receipt}:booked`, request.again), fingerprint: when }
}

/**
 * The work of this request failed before its money was booked: the same commit that books it gives it back, and no further run can begin. While the work
 * runs, or once it was served, it is its payee's.
 */
export function besideBooking(books: Pick<Books, 'entry'>, request: PaidRequest | undefined, at: number): BesideBooking {
  invariant(request, 'a request whose authorization is held is in memory')
  const { receipt, claimKey, rail, state, unserved, again } = request
  const nothing = { claims: [], facts: [], legs: [], delivered: isDelivered(request), goesBack: false }
  const hold = request.settleFirst ? partyHold(books, request) : undefined
  if (!hold) return nothing
  if (unserved === 'no' && state === 'claimed') return { ...nothing, claims: [booked(request, 'in_time')] }
  if (unserved !== 'stays') return nothing
  return {
    claims: [{ key: ofRun(`request:${receipt}:started`, again + 1), fingerprint: 'given_back' }],
    facts: [toRequestFact({ type: 'request.handler_failed', id: receipt, at, data: { claimKey, rail } })],
    legs: [move(hold.credit, accounts.surplus(receipt), hold)],
    delivered: false,
    goesBack: true,
  }
}
