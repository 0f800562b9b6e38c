import type { RouterPolicy } from '../../costs/policy.ts'
import { volatilityPpbOf } from '../../costs/risks.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { isUnavailable } from '../../errors/gatewayError.ts'
import { ceilDiv } from '../../money/integers.ts'
import { compare, type Money, showMoney } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { RailName } from '../../ports/railName.ts'
import { daysOf } from '../calendar/schemes.ts'
import type { Candidate, Possible } from '../router/candidate.ts'
import { feeOf, type ScheduleRow } from '../schedules/schedule.ts'

const PPM = 1_000_000n
type Context = Readonly<{ place: number; amount: Money; valuer: Valuer; policy: RouterPolicy; at: number }>

/** A way that nobody has configured, as its price list and its network's calendar say. It has no liquidity of ours, so nothing of it is scarce. */
export function listedCandidate(row: ScheduleRow, { place, amount, valuer, policy, at }: Context): Candidate {
  // A list says a kind of rail, which has no name here; the router asks for its kind alone.
  const way = { rail: row.rail as RailName, destination: place }
  try {
    const rate = valuer.rate(amount.asset, row.asset)
    const sent = rate ? convert(amount, rate, 'up') : { asset: row.asset, units: amount.units }
    if (row.limit && compare(sent, row.limit) > 0) {
      const detail = `${row.schedule} moves ${showMoney(row.limit)} at most, and this is ${showMoney(sent)}`
      return { kind: 'impossible', rail: way.rail, destination: place, reason: 'rejected_by_rail', detail }
    }
    const seconds = secondsOf(row, at)
    const volatilityPpb = rate ? volatilityPpbOf(amount.asset, row.asset, policy) : 0n
    const costs: Omit<Possible, 'rail' | 'destination' | 'kind'> = {
      feeNano: valuer.nano(feeOf(row, sent), 'up'),
      failureFeeNano: 0n,
      successPpm: row.success,
      secondsToFunds: seconds,
      secondsToFail: seconds,
      availableNano: 0n,
      converted: rate !== undefined,
      beside: {
        gasNano: valuer.nano(row.gas, 'up'),
        batchShareNano: row.batch ? ceilDiv(valuer.nano(row.batch.cost, 'up'), row.batch.items) : 0n,
        conversionPpm: row.conversion,
        volatilityPpb,
        reversalNano: reversalOf(row, valuer, sent),
      },
    }
    return { kind: 'possible', rail: way.rail, destination: place, ...costs }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { kind: 'impossible', rail: way.rail, destination: place, reason: 'rate_unavailable', detail: error.shortMessage }
  }
}

/** Whole seconds until good funds, rounded up. */
function secondsOf({ fundsBy }: ScheduleRow, at: number): bigint {
  return fundsBy.kind === 'seconds' ? fundsBy.seconds : ceilDiv(BigInt(daysOf(fundsBy.scheme).goodFundsAt(at) - at), 1_000n)
}

/** P(reversal) * (what of the amount is lost then + the fee), rounded up. */
function reversalOf({ reversal }: ScheduleRow, valuer: Valuer, sent: Money): bigint {
  const lost = ceilDiv(valuer.nano(sent, 'up') * reversal.lost, PPM)
  return ceilDiv((lost + valuer.nano(reversal.fee, 'up')) * reversal.chance, PPM)
}
