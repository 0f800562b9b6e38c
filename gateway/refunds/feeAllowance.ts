import { BTC, sameAsset } from '../money/asset.ts'
import { floorDiv, max, min } from '../money/integers.ts'
import { type Money, parseAmount } from '../money/money.ts'
import type { PayoutView } from '../payouts/payoutState/view.ts'

/** In msat: two hops that ask for a satoshi each. */
const LIGHTNING_BASE = 2_000n
/** Of what came over Lightning, a hundredth. */
const LIGHTNING_PART = 100n
/** Of what goes back over any rail, a half: work that fails never costs its operator more than it was paid for. */
const LARGEST_PART = 2n

/**
 * What the operator bears of the fees of the next try, in units of its amount; what one payment out may cost bounds it besides. The payer of a Lightning
 * payment chooses the node that is paid and that node its fee, so one sum is for all tries of what was put aside in `total`; none of them may be open. Gas
 * goes to nobody of the payer's, but what reverted once may again.
 */
export function feeLeft(amount: Money, total: Money, tries: readonly PayoutView[]): bigint {
  const half = floorDiv(amount.units, LARGEST_PART)
  if (tries.some(({ attempts }) => attempts.some(({ reason }) => reason === 'reverted'))) return 0n
  if (!sameAsset(total.asset, BTC)) return half
  const allowance = max(LIGHTNING_BASE, floorDiv(total.units, LIGHTNING_PART))
  const left = tries.reduce((rest, { fee }) => rest - (fee ? parseAmount(fee.amount, BTC).units : 0n), allowance)
  return min(half, max(left, 0n))
}
