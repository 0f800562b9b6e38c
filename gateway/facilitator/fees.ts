import { type Money, money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import type { Ground } from '../ports/ground.ts'
import type { FacilitatorChain } from './chain.ts'
import type { FacilitatorLimits } from './limits.ts'

/** What carrying one payment costs its seller now, in the asset of balances: the operator's fee and the gas that is expected, both rounded up. */
export function feeNow({ rates, usd, bookAsset }: Ground, chain: Pick<FacilitatorChain, 'cost'>, { feeUnits }: FacilitatorLimits): Money {
  const gas = chain.cost()
  const own = convert(money(usd, feeUnits), rates.rate(usd, bookAsset), 'up')
  const burnt = convert(gas, rates.rate(gas.asset, bookAsset), 'up')
  return money(bookAsset, own.units + burnt.units)
}
