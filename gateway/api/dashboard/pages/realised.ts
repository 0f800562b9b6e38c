import { over, shortened, times, unitsOf } from './decimals.ts'
import type { Decision, Payout } from './shapes.ts'
import type { View } from './view.ts'

const PLACES = 9

type Known = Readonly<{ payout: Pick<Payout, 'fee' | 'amount'>; decision: Pick<Decision, 'worth_usd' | 'rates'> }>

/** What a settled payout's fee was worth in USD, at a rate that its decision was made at; undefined while it is not known. */
export function realisedUsd(view: Pick<View, 'assets'>, known: Known): string | undefined {
  const units = realisedUnits(view, known)
  return units === undefined ? undefined : shortened(units, PLACES)
}

export function realisedUnits(view: Pick<View, 'assets'>, { payout: { fee, amount }, decision }: Known): bigint | undefined {
  const [paid, whole, usd] = [unitsOf(fee?.amount), unitsOf(amount.amount), unitsOf(decision.worth_usd)]
  if (paid === undefined || whole === undefined || usd === undefined || fee === undefined) return undefined
  if (paid === 0n || fee.asset === 'USD') return paid
  return fee.asset === amount.asset ? times(paid, over(usd, whole)) : atRateOf(view, paid, { asset: fee.asset, rates: decision.rates })
}

/** Rates are of smallest units: `num` of one asset for `den` of the other. */
function atRateOf(
  { assets }: Pick<View, 'assets'>,
  paid: bigint,
  { asset, rates }: Readonly<{ asset: string; rates: Decision['rates'] }>,
): bigint | undefined {
  const rate = rates.find(({ from, to }) => from === asset && to === 'USD')
  const [from, to] = [asset, 'USD'].map((one) => assets.find(({ id }) => id === one)?.scale)
  if (!rate || from === undefined || to === undefined || rate.den === '0') return undefined
  return (paid * BigInt(rate.num) * 10n ** BigInt(from)) / (BigInt(rate.den) * 10n ** BigInt(to))
}

/** The fee that the decision expected of the rail that was chosen, in USD. */
export function predictedUnits({ candidates }: Pick<Decision, 'candidates'>): bigint | undefined {
  return unitsOf(candidates.find(({ rank }) => rank === 1)?.terms?.fee)
}
