import { over, shortened, times, unitsOf } from './decimals.ts'
import type { Decision, Payout } from './shapes.ts'

const PLACES = 9

/** What a settled payout's fee was worth in USD, at the rate that its decision was made at; undefined while it is not known. */
export function realisedUsd(payout: Pick<Payout, 'fee' | 'amount'>, decision: Pick<Decision, 'worth_usd'>): string | undefined {
  const units = realisedUnits(payout, decision)
  return units === undefined ? undefined : shortened(units, PLACES)
}

export function realisedUnits(
  { fee, amount }: Pick<Payout, 'fee' | 'amount'>,
  { worth_usd: worth }: Pick<Decision, 'worth_usd'>,
): bigint | undefined {
  const [paid, whole, usd] = [unitsOf(fee?.amount), unitsOf(amount.amount), unitsOf(worth)]
  // A fee in another asset than the amount has no rate here.
  if (paid === undefined || whole === undefined || usd === undefined || fee?.asset !== amount.asset) return undefined
  return times(paid, over(usd, whole))
}

/** The fee that the decision expected of the rail that was chosen, in USD. */
export function predictedUnits({ candidates }: Pick<Decision, 'candidates'>): bigint | undefined {
  return unitsOf(candidates.find(({ rank }) => rank === 1)?.terms?.fee)
}
