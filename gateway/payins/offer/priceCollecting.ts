import { collectingPolicy } from '../../costs/collecting.ts'
import { type NanoUsd, type RouterPolicy, routerPolicy } from '../../costs/policy.ts'
import { reversalNanoOf, volatilityPpbOf } from '../../costs/risks.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import { tryCost } from '../../payouts/router/bestOrder.ts'
import type { Possible } from '../../payouts/router/candidate.ts'
import { costOfFailure, costOfSuccess, priceTerms, type Terms } from '../../payouts/router/terms.ts'
import { type RailName, railKind } from '../../ports/railName.ts'

/** What is known of one way to be paid: the rest is the operator's policy. All in nano-USD and seconds. */
export type ToCollect = Readonly<{
  rail: RailName
  priceNano: NanoUsd
  /** What the payer parts with above the price, and what the rail takes for receiving it. */
  feeNano: NanoUsd
  gasNano: NanoUsd
  /** The share of a transaction that collects it with others. */
  batchShareNano: NanoUsd
  secondsToFunds: bigint
  /** The asset that comes in, and the one that the payee is credited in. */
  asset: Asset
  credited: Asset
}>

/** `costNano`: what the payment is expected to cost all sides by this way, until it has paid; `wholeNano` with the price. The least is the best. */
export type Collecting = Readonly<{ terms: Terms; successPpm: bigint; secondsToFunds: bigint; costNano: NanoUsd; wholeNano: NanoUsd }>

/** What comes in takes nothing that is scarce here. */
const UNLIMITED = 0n

/**
 * What it costs in full to be paid this way, by the objective of payouts with the payer's tries in place of ours. A payer whose try fails makes another, so
 * ways are compared by what a payment costs that was made: (s*F + (1-s)*L) / s, rounded up.
 */
export function priceCollecting(way: ToCollect, policy: RouterPolicy = routerPolicy): Collecting {
  const kind = railKind(way.rail)
  const [successPpm, secondsToFail] = [collectingPolicy.paidPpm[kind], collectingPolicy.secondsToFail[kind]]
  const converted = !sameAsset(way.asset, way.credited)
  const possible: Possible = {
    kind: 'possible',
    rail: way.rail,
    destination: 0,
    feeNano: way.feeNano,
    failureFeeNano: 0n,
    successPpm,
    secondsToFunds: way.secondsToFunds,
    secondsToFail,
    availableNano: UNLIMITED,
    converted,
    beside: {
      gasNano: way.gasNano,
      batchShareNano: way.batchShareNano,
      reversalNano: reversalNanoOf(kind, policy),
      ...(converted && { volatilityPpb: volatilityPpbOf(way.asset, way.credited, policy) }),
    },
  }
  const terms = priceTerms(possible, way.priceNano, policy)
  const each = { successPpm, onSuccess: costOfSuccess(terms), onFailure: costOfFailure(terms) }
  const costNano = ceilDiv(tryCost(each), successPpm)
  return { terms, successPpm, secondsToFunds: way.secondsToFunds, costNano, wholeNano: way.priceNano + costNano }
}
