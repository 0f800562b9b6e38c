import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import type { Leg } from '../../ports/books.ts'
import type { Withdrawal } from './withdrawal.ts'

/** The amount comes out of the operator's own liquidity, as it was booked when it came, and the fee is a cost. Held until the outcome. */
export function holdLegs({ rail, place, plan }: Pick<Withdrawal, 'rail' | 'place' | 'plan'>, bookAsset: Asset): Leg[] {
  const { asset } = plan.amount
  const from = accounts.rail(rail, place)
  return [
    { kind: 'hold', debit: accounts.operator(asset, bookAsset), credit: from, ...plan.amount, timeoutS: 0 },
    { kind: 'hold', debit: accounts.feePaid(rail), credit: from, ...plan.fee, timeoutS: 0 },
  ]
}

/** Takes both holds, or releases them. */
export function endLegs({ entry, plan }: Pick<Withdrawal, 'entry' | 'plan'>, outcome: 'settled' | 'failed'): Leg[] {
  return [plan.amount, plan.fee].map((amount, leg): Leg => {
    const pending = { entry, leg }
    return outcome === 'settled' ? { kind: 'post', pending, ...amount } : { kind: 'void', pending, asset: amount.asset }
  })
}
