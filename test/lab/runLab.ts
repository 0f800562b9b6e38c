import { costOfNotPaying, routerPolicy } from '../../gateway/costs/policy.ts'
import type { Chance } from '../../gateway/payouts/learning/cell.ts'
import { createLearned, type Learned } from '../../gateway/payouts/learning/learned.ts'
import { bandOf, type Way } from '../../gateway/payouts/learning/way.ts'
import type { Possible } from '../../gateway/payouts/router/candidate.ts'
import { costOfFailure, costOfSuccess, priceTerms } from '../../gateway/payouts/router/terms.ts'
import { drawn } from './draw.ts'
import { type LabPolicy, OURS } from './labPolicies.ts'
import { createTruth, type LabWorld, uniformOf } from './labRails.ts'

const START_MS = 1_800_000_000_000
const SECOND_MS = 1_000
const PARTIES = 5
const PPM = 1_000_000
/** Points of a curve of regret. */
export const POINTS = 100

/** `learning`: by the words of rails alone; by means of what was learned; or by draws from it. */
export type Learning = 'none' | 'means' | 'draws'
export type LabFigures = Readonly<{
  payments: number
  /** Shares of one. `regret`: how much more often the first way of the oracle would have paid. */
  success: number
  regret: number
  costPer1000Usd: number
  /** The same payments by an oracle that knows each chance. */
  oraclePer1000Usd: number
  p99FundsS: number
  /** The regret so far at each of the points. */
  curve: readonly number[]
}>

type Late = Readonly<{ at: number; id: string; paid: boolean }>

/** Sends so many payments, a second apart, and says what became of them. The same seed is the same truth for every policy. */
export function runLab(
  world: LabWorld,
  policy: LabPolicy,
  o: Readonly<{ learning: Learning; seed: number; payments: number }>,
): LabFigures {
  const truth = createTruth(world, o.seed)
  const uniform = uniformOf(o.seed + 7_919)
  const learned = createLearned()
  const late: Late[] = []
  let heard = 0
  const sums = { paid: 0, regret: 0, cost: 0, oracle: 0 }
  const funds: number[] = []
  const curve: number[] = []
  const told: Chance[] = []

  for (let n = 0; n < o.payments; n++) {
    truth.step(n)
    const now = START_MS + n * SECOND_MS
    for (; heard < late.length && late[heard]!.at <= now; heard++) {
      const { id, paid, at } = late[heard]!
      learned.ended(id, { at, endedAt: at, paid, blame: 'rail' })
    }
    const owner = `party:${Math.floor(uniform() * PARTIES)}`
    const amountNano = BigInt(Math.round(10 ** (uniform() * 4 - 1) * 1e9)) // From ten cents to a thousand dollars.
    const ways = world.rails.map(
      ({ rail }): Way => ({ rail, from: 'USDC', to: 'USDC', country: '', band: bandOf(amountNano), payee: undefined }),
    )
    const candidates = world.rails.map((_, place) => candidateOf(world, place, amountNano))
    told.length = 0
    for (const [place, way] of ways.entries())
      told.push(chanceTold(learned, way, { owner, now, say: world.rails[place]!.say, learning: o.learning, n }))
    const believed = candidates.map((one, place) => withChance(one, told[place]!.mean))
    const order = policy.order({ n, amountNano, candidates: believed, chances: told, attemptsMax: world.attemptsMax })
    const known = candidates.map((one, place) => withChance(one, truth.chance(place, n)))
    const ideal = OURS.order({ n, amountNano, candidates: known, chances: [], attemptsMax: world.attemptsMax })
    const luck = candidates.map(() => uniform())
    const paidBy = (tries: readonly number[]) => tries.findIndex((place) => luck[place]! < truth.chance(place, n))

    sums.oracle += costOf(candidates, { order: ideal, paidAt: paidBy(ideal), amountNano })
    const paidAt = paidBy(order)
    sums.cost += costOf(candidates, { order, paidAt, amountNano })
    sums.regret +=
      Math.max(0, ...known.map(({ successPpm }) => Number(successPpm))) / PPM - (order.length > 0 ? truth.chance(order[0]!, n) : 0)
    if (paidAt >= 0) {
      sums.paid++
      funds.push(
        order
          .slice(0, paidAt + 1)
          .reduce((s, place, i) => s + Number(i === paidAt ? candidates[place]!.secondsToFunds : candidates[place]!.secondsToFail), 0),
      )
    }
    for (const [i, place] of order.entries()) {
      if (paidAt >= 0 && i > paidAt) break
      const id = `${n} ${i}`
      learned.sent(id, { owner, at: now, way: ways[place]!, chance: told[place]!.mean, word: world.rails[place]!.say })
      late.push({ at: now + world.lag * SECOND_MS, id, paid: i === paidAt })
    }
    if ((n + 1) % Math.ceil(o.payments / POINTS) === 0) curve.push(sums.regret / (n + 1))
  }
  funds.sort((a, b) => a - b)
  const per1000 = (nano: number) => nano / 1e9 / (o.payments / 1_000)
  return {
    payments: o.payments,
    success: sums.paid / o.payments,
    regret: sums.regret / o.payments,
    costPer1000Usd: per1000(sums.cost),
    oraclePer1000Usd: per1000(sums.oracle),
    p99FundsS: funds[Math.floor(funds.length * 0.99)] ?? 0,
    curve,
  }
}

function candidateOf({ rails }: LabWorld, place: number, amountNano: bigint): Possible {
  const { rail, feeNano, feePpm, secondsToFunds, secondsToFail, say } = rails[place]!
  const times = { secondsToFunds: BigInt(secondsToFunds), secondsToFail: BigInt(secondsToFail) }
  const fee = feeNano + (amountNano * feePpm) / BigInt(PPM)
  const kind = 'possible' as const
  return {
    kind,
    rail,
    destination: place,
    feeNano: fee,
    failureFeeNano: 0n,
    successPpm: ppm(say),
    ...times,
    availableNano: 0n,
    converted: false,
  }
}

function ppm(chance: number): bigint {
  return BigInt(Math.round(Math.min(0.9999, Math.max(0.005, chance)) * PPM))
}

function withChance(candidate: Possible, chance: number): Possible {
  return { ...candidate, successPpm: ppm(chance) }
}

type Asked = Readonly<{ owner: string; now: number; say: number; learning: Learning; n: number }>

function chanceTold(learned: Learned, way: Way, { owner, now, say, learning, n }: Asked): Chance {
  if (learning === 'none') return { mean: say, weight: 1, known: say, changed: 0, fresh: say }
  const chance = learned.chance(way, { owner, now, word: say })
  if (learning === 'means') return chance
  return { ...chance, mean: Math.min(0.9999, Math.max(0.005, drawn(chance, `${n} ${way.rail}`))) }
}

/** What a payment has cost in full, in nano-USD, by the router's own terms: of each that failed, of the one that paid, or of not paying. */
function costOf(candidates: readonly Possible[], o: Readonly<{ order: readonly number[]; paidAt: number; amountNano: bigint }>): number {
  let cost = 0n
  for (const [i, place] of o.order.entries()) {
    const terms = priceTerms(candidates[place]!, o.amountNano, routerPolicy)
    if (i === o.paidAt) return Number(cost + costOfSuccess(terms))
    cost += costOfFailure(terms)
  }
  return Number(cost + costOfNotPaying(o.amountNano, routerPolicy))
}
