import { over, shortened, times, unitsOf } from './decimals.ts'
import type { Decision, Payout } from './shapes.ts'
import type { View } from './view.ts'

const PLACES = 9

type Known = Readonly<{ payout: Pick<Payout, 'fee' | 'amount'>; decision: Pick<Decision, 'worth_usd' | 'rates' | 'realised'> }>

/**
 * What a settled payout's fee was worth in USD, at a rate that its decision was made at; undefined while it is not known. A rail that tells its fees later,
 * such as a bank by its statement, has a fee of nothing on the payout: what was expected stands here then, and `isExpected` says so.
 */
export function realisedUsd(view: Pick<View, 'assets'>, known: Known): string | undefined {
  const units = realisedUnits(view, known)
  return units === undefined ? undefined : shortened(units, PLACES)
}

/** Whether the rail has not told the fee, so that the expected one stands in its place. */
export const isExpected = ({ realised }: Pick<Decision, 'realised'>): boolean => realised?.fee_is === 'expected'

export function realisedUnits(view: Pick<View, 'assets'>, { payout: { fee, amount }, decision }: Known): bigint | undefined {
  if (decision.realised) return unitsOf(decision.realised.fee_usd)
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

/** What the decision expected the rail that paid, or the one that was to be tried first, to take in USD: its fee, and gas. */
export function predictedUnits({ candidates, realised }: Pick<Decision, 'candidates' | 'realised'>): bigint | undefined {
  const paid = realised && candidates.find(({ rail, terms }) => rail === realised.rail && terms !== undefined)
  const { terms } = paid ?? candidates.find(({ rank }) => rank === 1) ?? {}
  const [fee, gas] = [unitsOf(terms?.fee), unitsOf(terms?.gas)]
  return fee === undefined && gas === undefined ? undefined : (fee ?? 0n) + (gas ?? 0n)
}
