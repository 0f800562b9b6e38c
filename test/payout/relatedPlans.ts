import { ALL_REASONS, oddsAfter, ppmLeft, REASONS } from '../../gateway/payouts/learning/families.ts'
import type { Try } from '../../gateway/payouts/router/bestOrder.ts'
import type { Possible } from '../../gateway/payouts/router/candidate.ts'
import { type DecideInput, decide, type Plan } from '../../gateway/payouts/router/decide.ts'
import { railKind } from '../../gateway/ports/railName.ts'
import { uniformOf } from '../lab/labRails.ts'

const PPM = 1_000_000n
const SCALE = PPM * BigInt(ALL_REASONS)
const DOLLAR = 1_000_000_000n

/** A way with its try, which is what it costs and its chance by now. */
type Tried = Readonly<{ way: Possible; own: Try }>

/** What is left of the others when one has failed for this reason. */
function leftAfter(failed: Tried, reason: string, others: readonly Tried[]): Tried[] {
  return others.flatMap((other) => {
    if (other === failed) return []
    const hundredths = Math.round(100 * oddsAfter({ ...failed.way, reason }, other.way))
    return [{ ...other, own: { ...other.own, successPpm: BigInt(ppmLeft(Number(other.own.successPpm), hundredths)) } }]
  })
}

/** s*F + (1-s)*(L + the mean of what follows over all reasons), as an integer over SCALE^left. */
function costOfTrying(tried: Tried, left: number, behind: (reason: string) => bigint): bigint {
  const { successPpm, onSuccess, onFailure } = tried.own
  const failed = PPM - successPpm
  const own = (successPpm * onSuccess + failed * onFailure) * BigInt(ALL_REASONS) * SCALE ** BigInt(left - 1)
  if (failed === 0n) return own
  const reasons = REASONS[railKind(tried.way.rail)]
  const share = BigInt(ALL_REASONS / reasons.length)
  return own + failed * share * reasons.reduce((sum, reason) => sum + behind(reason), 0n)
}

/** The least that any plan costs which may choose each next try by all that failures have told: by brute force, with no bounds and nothing remembered. */
function least(ways: readonly Tried[], left: number, lost: bigint): bigint {
  let best = lost * SCALE ** BigInt(left)
  if (left === 0) return best
  for (const tried of ways) {
    const cost = costOfTrying(tried, left, (reason) => least(leftAfter(tried, reason, ways), left - 1, lost))
    if (cost < best) best = cost
  }
  return best
}

/**
 * What payouts really come to that are decided by `decide`, go on by its order while failures tell of no way that is behind, and are decided anew when they do.
 * Money is in the ways and chances alone, so that a decision later is of the same.
 */
function carriedOut(input: DecideInput, plan: Plan): bigint {
  const all = input.candidates.map((way, place) => ({ way: way as Possible, own: plan.tryAt(place) })) // All are possible.
  const follow = (at: number, ways: readonly Tried[], made: Plan, from: readonly Tried[], left: number): bigint => {
    const place = made.order[at]
    if (place === undefined || left === 0) return plan.lostNano * SCALE ** BigInt(left)
    const tried = ways.find(({ way }) => way === from[place]!.way || way.feeNano === from[place]!.way.feeNano)!
    const open = [...made.order.slice(at + 1), ...made.aside].map((other) => from[other]!.way)
    return costOfTrying(tried, left, (reason) => {
      const rest = leftAfter(tried, reason, ways)
      const told = open.some((way) => oddsAfter({ ...tried.way, reason }, way) < 1)
      return told ? again(rest, left - 1) : follow(at + 1, rest, made, from, left - 1)
    })
  }
  const again = (ways: readonly Tried[], left: number): bigint => {
    if (left === 0) return plan.lostNano
    const candidates = ways.map(({ way, own }) => ({ ...way, successPpm: own.successPpm }))
    const made = decide({ ...input, candidates, attemptsMax: left })
    return follow(
      0,
      ways,
      made,
      candidates.map((way, i) => ({ way, own: ways[i]!.own })),
      left,
    )
  }
  return follow(0, all, plan, all, input.attemptsMax)
}

/** A random payout of two to four ways, of which most share a rail or a payee, with three tries; no two ways have the same fee. */
function instanceOf(seed: number, policy: DecideInput['policy']): DecideInput {
  const uniform = uniformOf(seed)
  const below = (most: number) => Math.floor(uniform() * most)
  const rails = ['lightning', 'evm:1', 'evm:8453', 'bank', 'custom:a', 'book'] as const
  const chance = [() => 999_000 - below(3_000), () => 990_000 - below(90_000), () => 100_000 + below(900_000), () => 1 + below(1_000_000)]
  const candidates = Array.from(
    { length: 2 + below(3) },
    (_, i): Possible => ({
      kind: 'possible',
      rail: rails[Math.min(below(5) + (below(30) === 0 ? 5 : 0), 5)]!,
      destination: below(3),
      feeNano: BigInt(below(10) * 100_000_000 + below(1_000_000)) * 8n + BigInt(i),
      failureFeeNano: BigInt(below(5) * 1_000_000),
      successPpm: BigInt(chance[below(4)]!()),
      secondsToFunds: BigInt(below(200)),
      secondsToFail: BigInt(below(10_000)),
      availableNano: 10_000n * DOLLAR,
      converted: false,
    }),
  )
  return { amountNano: BigInt(1 + below(1_000)) * DOLLAR, candidates, policy, attemptsMax: 3 }
}

/** Of so many random payouts: how many there were with relatives, how many cost more than the best plan of all, and of how many the plan names another cost. */
export function againstBruteForce(policy: DecideInput['policy'], o: Readonly<{ from: number; instances: number }>) {
  const found = { related: 0, worse: 0, untold: 0 }
  for (let seed = o.from; seed < o.from + o.instances; seed++) {
    const input = instanceOf(seed, policy)
    const plan = decide(input)
    const all = input.candidates.map((way, place) => ({ way: way as Possible, own: plan.tryAt(place) })) // All are possible.
    const best = least(all, input.attemptsMax, plan.lostNano)
    const scale = SCALE ** BigInt(input.attemptsMax)
    if (
      all.some(({ way }, i) => all.some((other, j) => j < i && (other.way.rail === way.rail || other.way.destination === way.destination)))
    )
      found.related++
    if (carriedOut(input, plan) > best) found.worse++
    if (plan.expectedNano !== (best + scale - 1n) / scale) found.untold++
  }
  return found
}
