import { invariant } from '../errors/invariant.ts'
import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import type { Asset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { type PayoutFact, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import type { Books } from '../ports/books.ts'
import { type Action, isOpen } from './action.ts'
import { readSuspenseFact, type SuspenseFact } from './facts.ts'

type Applied = SuspenseFact | (PayoutFact & { type: 'payout.created' })

export type ActionRecords = Records<Action>

/** What the journal says was done by hand. Make it before the books start. `endedKept`: see `createOrderedRecords`. */
export function createActionRecords(
  books: Books,
  assetOf: (id: string) => Asset,
  { endedKept }: { endedKept?: number } = {},
): ActionRecords {
  return recordsOf<Action, Applied>({
    books,
    name: 'suspense.store',
    form: 1,
    read(fact) {
      const payout = readPayoutFact(fact)
      return payout?.type === 'payout.created' ? payout : readSuspenseFact(fact)
    },
    idOf: (fact, named) => (fact.type === 'payout.created' ? named(fact.id)?.id : fact.id),
    evolve: (action, fact) => evolve(action, fact, assetOf),
    isOpen,
    names: (fact) => (fact.type === 'suspense.asked' && fact.data.deed.what === 'refund' ? [fact.data.deed.payout] : []),
    endedKept,
  })
}

/** The action after one more fact about it. A fact that cannot follow what stands is an impossible state. */
function evolve(action: Action | undefined, fact: Applied, assetOf: (id: string) => Asset): Action {
  if (fact.type === 'suspense.asked') {
    invariant(!action, `${fact.id} was asked for twice`)
    const { deed, asset, units, by, reason, evidence } = fact.data
    const amount = money(assetOf(asset), BigInt(units))
    const begun = { status: 'waiting', payment: 'none', approvedBy: undefined } as const
    return { id: fact.id, deed, amount, grounds: { reason, evidence }, by, at: fact.at, ...begun }
  }
  invariant(action, `${fact.type} ${fact.id} speaks of what nobody asked for`)
  switch (fact.type) {
    case 'suspense.booked':
      invariant(action.status === 'waiting', `${action.id} is booked once`)
      return { ...action, status: 'booked', approvedBy: fact.data.by === action.by ? undefined : fact.data.by }
    case 'suspense.canceled':
      invariant(action.status === 'waiting', `${action.id} was not booked`)
      return { ...action, status: 'canceled' }
    case 'suspense.refused':
      return { ...action, payment: 'refused' }
    case 'payout.created':
      return { ...action, payment: 'made' }
  }
}
