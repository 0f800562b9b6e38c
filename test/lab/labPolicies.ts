import type { Decide } from '../../gateway/payouts/payoutState/policy.ts'
import type { QuotedCandidate } from '../../gateway/payouts/payoutState/quotedCandidate.ts'
import { expectedCost } from '../../gateway/payouts/router/bestOrder.ts'
import type { Candidate, Possible } from '../../gateway/payouts/router/candidate.ts'
import { type DecideInput, decide, type Plan, type Verdict } from '../../gateway/payouts/router/decide.ts'

/** Whether a policy is told what was learned, or the words of rails alone. */
export type Learning = 'none' | 'means'
/** The places of the ways to try, in their order. What a policy needs to remember is its own in each run. */
type Order = (input: DecideInput) => readonly number[]
/** `begin`, with the number of rails, starts a run; without it the router decides. */
export type LabPolicy = Readonly<{ name: string; begin?: (rails: number) => Order }>

export const OURS: LabPolicy = { name: 'ours: least expected cost' }

type Worth = (way: Possible, place: number, input: DecideInput) => number

function byWorth(worth: Worth): Order {
  return (input) =>
    input.candidates
      .flatMap((way, place) => (way.kind === 'possible' ? [{ place, worth: worth(way, place, input) }] : []))
      .sort((a, b) => b.worth - a.worth)
      .slice(0, input.attemptsMax)
      .map(({ place }) => place)
}
const simple = (name: string, worth: Worth): LabPolicy => ({ name, begin: () => byWorth(worth) })
const chanceOf = ({ successPpm }: Possible) => Number(successPpm) / 1e6 // not money: a chance

const cheapest = simple('cheapest first', ({ feeNano }) => -Number(feeNano))
const bestSuccess = simple('best success first', chanceOf)
/** Success times margin less cost, also for the order of what is tried next: an open orchestrator's rule. */
const MARGIN = 0.2
const expectedValue = simple(
  'expected value order',
  (way, _, { amountNano }) => chanceOf(way) * (Number(amountNano) * MARGIN - Number(way.feeNano)),
)
const roundRobin: LabPolicy = {
  name: 'round robin',
  begin(rails) {
    let turn = 0
    const order = byWorth((_, place) => -((place + rails - (turn % rails)) % rails))
    return (input) => {
      turn++
      return order(input)
    }
  },
}
/** What it chose fades; it hopes for more than the chance where it has not chosen lately. */
const UCB_KEEPS = 0.9995
const ucb: LabPolicy = {
  name: 'discounted UCB',
  begin(rails) {
    const chosen = Array.from({ length: rails }, () => 0)
    return (input) => {
      const all = chosen.reduce((a, b) => a + b, 0)
      const bonus = (place: number) => Math.sqrt((0.5 * Math.log(all + 2)) / (chosen[place]! + 1)) / 2
      const order = byWorth((way, place) => chanceOf(way) + bonus(place))(input)
      for (let place = 0; place < rails; place++) chosen[place] = chosen[place]! * UCB_KEEPS + (place === order[0] ? 1 : 0)
      return order
    }
  },
}

export const POLICIES: readonly LabPolicy[] = [OURS, cheapest, bestSuccess, roundRobin, expectedValue, ucb]

/** A policy as the payout service takes it, for one run over so many rails. */
export function decideBy(policy: LabPolicy, { learning, rails }: Readonly<{ learning: Learning; rails: number }>): Decide {
  const order = policy.begin?.(rails)
  return (given, quoted) => {
    const input = learning === 'none' ? { ...given, candidates: quoted.map(byWord) } : given
    return order ? planBy(input, order(input)) : decide(input)
  }
}

/** A candidate as its rail described it, with nothing of what was learned. */
function byWord({ candidate, railPpm, railSeconds, railFeeNano }: QuotedCandidate): Candidate {
  if (candidate.kind === 'impossible') return candidate
  return {
    ...candidate,
    successPpm: railPpm ?? candidate.successPpm,
    secondsToFunds: railSeconds ?? candidate.secondsToFunds,
    feeNano: railFeeNano ?? candidate.feeNano,
  }
}

/** The plan with this order, in figures beside the best one. */
function planBy(input: DecideInput, order: readonly number[]): Plan {
  const best = decide(input)
  const expectedNano = expectedCost(order.map(best.tryAt), best.lostNano)
  const verdicts = best.verdicts.map((verdict, place): Verdict => {
    if (verdict.kind === 'impossible') return verdict
    const rank = order.indexOf(place) + 1
    const dearerByNano = rank === 1 ? expectedNano - best.expectedNano : verdict.dearerByNano
    return rank > 0 ? { kind: 'chosen', rank, dearerByNano } : { kind: 'dearer', dearerByNano }
  })
  return { ...best, order, expectedNano, verdicts }
}
