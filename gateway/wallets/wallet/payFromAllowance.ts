import { accounts } from '../../ledger/journal/accounts.ts'
import type { Money } from '../../money/money.ts'
import type { Payouts } from '../../payouts/payout/payouts.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PartyId, PayoutId } from '../../ports/ids.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Spending } from './spending.ts'

export type AllowanceParts = Readonly<{ payouts: Payouts; spending: Spending; clock: Clock; ids: IdSource }>

/** `allowance` is the withdrawal link or the app that pays `destination` from the balance of `party`; `key` names the use, and `amount` is what it takes. */
type AllowancePayment = Readonly<{
  allowance: string
  party: PartyId
  key: string
  amount: Money
  destination: Destination
  reference: string
}>

/** Begins the payout; the use of the allowance becomes durable with it. Answers the payout's id. */
export async function payFromAllowance(o: AllowanceParts, payment: AllowancePayment): Promise<PayoutId> {
  const { allowance, party, key, amount, destination, reference } = payment
  const id = o.ids.payout()
  const use = o.spending.use(allowance, { payout: id, units: amount.units, at: o.clock.now(), key })
  await o.payouts.create({
    id,
    source: accounts.party(party),
    behalf: { account: accounts.party(party), allowance },
    amount,
    destinations: [destination],
    reference,
    createdBy: allowance,
    along: () => use,
  })
  return id
}
