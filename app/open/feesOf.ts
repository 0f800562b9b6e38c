import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type ChargingRail, type FeePolicy, feePolicy } from '../../gateway/payouts/fees/policy.ts'
import type { FeeConfig } from '../config/feeConfig.ts'

/** Nano-USD in a unit of USD. */
const NANO_PER_UNIT = 1_000n

/** The operator's fee policy: the house's, with what the configuration says in its place. */
export function feesOf(config: FeeConfig = {}): FeePolicy {
  const termsOf = (rail: ChargingRail) => {
    const { baseUsd, ppm } = config[rail] ?? {}
    const { baseNano, ppm: usual } = feePolicy.perPayment[rail]
    return { baseNano: baseUsd === undefined ? baseNano : unitsOf(baseUsd) * NANO_PER_UNIT, ppm: ppm === undefined ? usual : BigInt(ppm) }
  }
  const { dayUsd, refundsDayUsd, partyDayUsd, allowanceDayUsd } = config
  return {
    perPayment: { lightning: termsOf('lightning'), evm: termsOf('evm'), bank: termsOf('bank'), custom: termsOf('custom') },
    dayUnits: dayUsd === undefined ? feePolicy.dayUnits : unitsOf(dayUsd),
    refundsDayUnits: refundsDayUsd === undefined ? feePolicy.refundsDayUnits : unitsOf(refundsDayUsd),
    accountDayUnits: partyDayUsd === undefined ? feePolicy.accountDayUnits : unitsOf(partyDayUsd),
    allowanceDayUnits: allowanceDayUsd === undefined ? feePolicy.allowanceDayUnits : unitsOf(allowanceDayUsd),
  }
}

function unitsOf(usd: string): bigint {
  return parseAmount(usd, USD).units
}
