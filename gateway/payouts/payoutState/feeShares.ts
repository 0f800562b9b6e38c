import { NANO_PER_UNIT } from '../../costs/nanoUsd.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { invariant } from '../../errors/invariant.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { ceilDiv, max, min } from '../../money/integers.ts'
import { type Money, money, mulDiv, showMoney } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Estimate } from '../../ports/sender.ts'
import type { FeesLeft } from '../fees/feeBudget.ts'
import { type FeePolicy, feeLimitNano } from '../fees/policy.ts'
import type { Impossibility } from '../router/candidate.ts'
import type { AttemptState, FeeShares, Payout } from './payout.ts'

type Bounded =
  | Readonly<{ kind: 'bounded'; feeMax: Money; shares: FeeShares }>
  | Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>

/**
 * The most that a try may cost: what the operator's policy allows, and what the party has promised beyond it. The rail's own limit can only lower it:
 * it follows from what others ask for. `above`: the limit of a try that failed for it; then the rail's own limit does not count, and a higher one is needed.
 */
export function boundFee(
  payout: Payout,
  { fee, feeMax }: Pick<Estimate & { kind: 'possible' }, 'fee' | 'feeMax'>,
  o: { rail: RailName; valuer: Valuer; policy: FeePolicy; left: FeesLeft; widest?: Readonly<{ above: Money | undefined }> | undefined },
): Bounded {
  const { asset } = feeMax
  invariant(sameAsset(fee.asset, asset), `${o.rail} names its fee and its limit in one asset`)
  const { valuer } = o
  const inAsset = (units: bigint) => atMost(money(payout.amount.asset, units), asset, valuer)
  const allowed = valuer.worth(feeLimitNano(o.policy, o.rail, valuer.nano(payout.amount, 'up')), asset)
  const ownMax = payout.ownFeeMax === undefined ? allowed : min(allowed, inAsset(payout.ownFeeMax))
  // A fee that was fixed is charged whatever the rail takes, which the operator bears.
  const partyMax = payout.feeBearer === undefined ? inAsset(payout.feeMax) : 0n
  const most = o.widest ? ownMax + partyMax : min(feeMax.units, ownMax + partyMax)
  const failedAt = o.widest?.above?.units
  if (failedAt !== undefined && most <= failedAt) {
    const detail = `it failed with a limit of ${showMoney(money(asset, failedAt))}, and this payout may cost no more on ${o.rail}`
    return { kind: 'impossible', reason: 'fee_above_budget', detail }
  }
  if (fee.units > most) {
    const detail = `${o.rail} would cost ${showMoney(fee)}, and this payout may cost ${showMoney(money(asset, most))}; name a fee_max to bear what is above it`
    return { kind: 'impossible', reason: 'fee_above_budget', detail }
  }
  const own = min(most, ownMax)
  const ownUsd = ceilDiv(valuer.nano(money(asset, own), 'up'), NANO_PER_UNIT)
  if (ownUsd > o.left.units) {
    const detail = `${o.left.purse} has ${o.left.units} micro-USD left and this may take ${ownUsd}; it is tried again, and filled at 00:00 UTC`
    return { kind: 'impossible', reason: 'fee_budget_used', detail }
  }
  return { kind: 'bounded', feeMax: money(asset, most), shares: { own, ownUsd, partyMax } }
}

/** The most of an asset that is worth no more than this. */
function atMost(worth: Money, asset: Asset, valuer: Valuer): bigint {
  return sameAsset(worth.asset, asset) ? worth.units : valuer.worth(valuer.nano(worth, 'down'), asset)
}

/** What a try that settled took: of the purses in units of USD, and of the source in units of the payout's asset. Rounded up, against who bears it. */
export function feeUsed(payout: Payout, attempt: AttemptState, fee: Money): Readonly<{ usd: bigint; charge: bigint }> {
  const { shares, feeMax } = attempt
  const fixed = payout.feeBearer === undefined ? undefined : payout.feeMax
  if (!shares) return { usd: 0n, charge: fixed ?? 0n }
  const units = sameAsset(fee.asset, feeMax.asset) ? fee.units : feeMax.units
  const own = min(units, shares.own)
  const beyond = min(max(units - shares.own, 0n), shares.partyMax)
  return {
    usd: shares.own > 0n ? mulDiv(shares.ownUsd, own, shares.own, 'up') : 0n,
    charge: fixed !== undefined ? fixed : shares.partyMax > 0n ? mulDiv(payout.feeMax, beyond, shares.partyMax, 'up') : 0n,
  }
}

/** What a try that failed took of the purses: nothing, unless the rail did it and took its fee all the same. */
export function feeLost({ shares }: AttemptState, reason: Impossibility): bigint {
  return reason === 'reverted' && shares ? shares.ownUsd : 0n
}
