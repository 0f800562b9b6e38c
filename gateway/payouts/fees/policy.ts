import type { NanoUsd } from '../../costs/policy.ts'
import { max } from '../../money/integers.ts'
import { type RailName, railKind } from '../../ports/railName.ts'

/** The rails that charge for what they do. */
export type ChargingRail = 'lightning' | 'evm' | 'bank' | 'custom'

/** What one payment may cost on a rail: so much whatever its amount, or so many millionths of it, whichever is more. */
type FeeTerms = Readonly<{ baseNano: NanoUsd; ppm: bigint }>

/** What payments out may cost the operator. The purses are filled to their size at the first use of each day (UTC); in units of USD, 6 places. */
export type FeePolicy = Readonly<{
  perPayment: Readonly<Record<ChargingRail, FeeTerms>>
  /** Of all in a day but what payers fetch back for work that failed. */
  dayUnits: bigint
  /** Of all that payers fetch back in a day. */
  refundsDayUnits: bigint
  /** Of one party in a day, and of what payers fetch back from one payee. */
  accountDayUnits: bigint
  /** Of one withdrawal link, or one wallet app, in a day. */
  allowanceDayUnits: bigint
}>

export const feePolicy: FeePolicy = {
  perPayment: {
    lightning: { baseNano: 20_000_000n, ppm: 10_000n }, // 2 cents; four hops at a satoshi each are less than half a cent
    evm: { baseNano: 1_000_000_000n, ppm: 10_000n }, // 1 USD
    bank: { baseNano: 1_000_000_000n, ppm: 10_000n },
    custom: { baseNano: 1_000_000_000n, ppm: 10_000n },
  },
  dayUnits: 100_000_000n, // 100 USD
  refundsDayUnits: 50_000_000n,
  accountDayUnits: 20_000_000n,
  allowanceDayUnits: 5_000_000n,
}

/** The most that one payment of this worth may cost on a rail. */
export function feeLimitNano({ perPayment }: FeePolicy, rail: RailName, worthNano: NanoUsd): NanoUsd {
  const kind = railKind(rail)
  if (kind === 'book') return 0n
  const { baseNano, ppm } = perPayment[kind]
  return max(baseNano, (worthNano * ppm) / 1_000_000n)
}
