import type { Valuer } from '../../costs/valuer.ts'
import { isUnavailable } from '../../errors/gatewayError.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import { ownerOf } from '../fees/purses.ts'
import { LEAST_PPM, MOST_PPM, oddsAfter, withOdds } from '../learning/families.ts'
import type { Way } from '../learning/way.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import { isUnheard, type Payout } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import type { Possible } from '../router/candidate.ts'
import { feeOf } from '../schedules/schedule.ts'
import { wayOf } from './learnFromTries.ts'
import { worth } from './makeDecision.ts'
import { lineOf } from './railLine.ts'

const PPM = 1_000_000
/** What is left of a rail's chance while it is not known to answer again. Not so little that it would never be tried first. */
const ON_TRIAL = 0.9

type Context = Pick<PayoutContext, 'learned' | 'health' | 'clock' | 'feeListOf'>
type Asked = Readonly<{ way: Way; owner: string; now: number; amount: Money; valuer: Valuer }>

/**
 * The candidates with what earlier tries have taught, those of this payout as well: chances in whole millionths, seconds to good funds, and fees where a line
 * tells them well, or the operator's own list. Where nothing was learned, and on the book rail, they are as they are. The chance of a rail
 * on trial counts less.
 */
export function withLearned(
  context: Context,
  payout: Payout,
  { quoted, valuer }: Readonly<{ quoted: readonly QuotedCandidate[]; valuer: Valuer }>,
): QuotedCandidate[] {
  const worthNano = worth(payout, valuer)
  const [owner, now] = [ownerOf(payout.behalf), context.clock.now()]
  return quoted.map((known) => {
    const { candidate, quote } = known
    if (candidate.kind === 'impossible' || candidate.rail === 'book' || !quote) return known
    const { rail, destination } = candidate
    const way = wayOf(payout, { rail, destination, to: quote.amount.asset.code }, worthNano)
    const asked = { way, owner, now, amount: quote.amount, valuer }
    const trial = context.health.onTrial(lineOf({ rail }, payout.destinations[destination]!).line, owner)
    const successPpm = chanceOf(context, candidate, { ...asked, odds: oddsLeft(payout, candidate), trial })
    const secondsToFunds = secondsOf(context, candidate, asked)
    const feeNano = feeNanoOf(context, candidate, asked)
    return {
      candidate: { ...candidate, successPpm, secondsToFunds, feeNano },
      quote,
      ...(successPpm !== candidate.successPpm && { railPpm: candidate.successPpm }),
      ...(secondsToFunds !== candidate.secondsToFunds && { railSeconds: candidate.secondsToFunds }),
      ...(feeNano !== candidate.feeNano && { railFeeNano: candidate.feeNano }),
    }
  })
}

function chanceOf(
  { learned }: Context,
  { successPpm }: Possible,
  { way, owner, now, odds, trial }: Asked & Readonly<{ odds: number; trial: boolean }>,
): bigint {
  const { mean, weight } = learned.chance(way, { owner, now, word: Number(successPpm) / PPM }) // not money: a chance
  if (weight === 0 && odds === 1 && !trial) return successPpm
  return BigInt(Math.round(max(LEAST_PPM, min(withOdds(mean, odds) * PPM, MOST_PPM)) * (trial ? ON_TRIAL : 1))) // not money: a chance
}

/** What the tries of this payout that have failed leave of the odds of a way. */
function oddsLeft({ attempts }: Payout, way: Pick<Possible, 'rail' | 'destination'>): number {
  let odds = 1
  for (const tried of attempts) {
    if (!tried.failure || isUnheard(tried)) continue
    odds *= oddsAfter({ rail: tried.rail, destination: tried.destination, reason: tried.failure.reason }, way)
  }
  return odds
}

/** Rounded to whole seconds, at least one, so that what is as said stays as it was said. */
function secondsOf({ learned }: Context, { secondsToFunds }: Possible, { way, owner }: Asked): bigint {
  if (secondsToFunds === 0n) return 0n
  return max(1n, BigInt(Math.round(Number(secondsToFunds) * learned.keeping.pace(way, owner)))) // not money: a time
}

/** What the rail is expected to take: by the operator's list, by what it really took, or by its word. */
function feeNanoOf(context: Context, { rail, feeNano }: Possible, { way, owner, now, amount, valuer }: Asked): bigint {
  const row = context.feeListOf?.(rail, now)
  if (row) {
    try {
      const rate = valuer.rate(amount.asset, row.asset)
      return valuer.nano(feeOf(row, rate ? convert(amount, rate, 'up') : { asset: row.asset, units: amount.units }), 'up')
    } catch (error) {
      if (!isUnavailable(error)) throw error
    }
  }
  const learned = context.learned.keeping.fee(way, { owner, units: Number(amount.units) }) // not money: where a line is read
  return learned === undefined ? feeNano : valuer.nano(money(amount.asset, BigInt(Math.ceil(learned))), 'up') // not money: an expected fee
}
