import { routerPolicy } from '../../gateway/costs/policy.ts'
import type { Chance } from '../../gateway/payouts/learning/cell.ts'
import type { Possible } from '../../gateway/payouts/router/candidate.ts'
import { decide } from '../../gateway/payouts/router/decide.ts'

/** What a policy chooses by: the candidates with the chances that it is told, and how sure they are. `n` is the payment's number. */
export type Choice = Readonly<{
  n: number
  amountNano: bigint
  candidates: readonly Possible[]
  chances: readonly Chance[]
  attemptsMax: number
}>
/** The places of the candidates to try, in their order. */
export type LabPolicy = Readonly<{ name: string; order(choice: Choice): readonly number[] }>

const places = ({ candidates }: Choice) => candidates.map((_, place) => place)
const by = (choice: Choice, worth: (place: number) => number) =>
  places(choice)
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, choice.attemptsMax)

export const OURS: LabPolicy = {
  name: 'ours: least expected cost',
  order: ({ amountNano, candidates, attemptsMax }) => decide({ amountNano, candidates, policy: routerPolicy, attemptsMax }).order,
}

const cheapest: LabPolicy = { name: 'cheapest first', order: (c) => by(c, (place) => -Number(c.candidates[place]!.feeNano)) }
const bestSuccess: LabPolicy = { name: 'best success first', order: (c) => by(c, (place) => c.chances[place]!.mean) }
const roundRobin: LabPolicy = {
  name: 'round robin',
  order: (c) =>
    places(c)
      .map((place) => (place + c.n) % c.candidates.length)
      .slice(0, c.attemptsMax),
}
/** Success times margin less cost, also for the order of what is tried next: an open orchestrator's rule. */
const MARGIN = 0.2
const expectedValue: LabPolicy = {
  name: 'expected value order',
  order: (c) => by(c, (place) => c.chances[place]!.mean * (Number(c.amountNano) * MARGIN - Number(c.candidates[place]!.feeNano))),
}
/** Discounted UCB on success alone. */
const ucb: LabPolicy = {
  name: 'discounted UCB',
  order: (c) => {
    const all = c.chances.reduce((sum, { weight }) => sum + weight, 0)
    return by(c, (place) => c.chances[place]!.mean + Math.sqrt((0.5 * Math.log(all + 2)) / (c.chances[place]!.weight + 1)) / 2)
  },
}

export const POLICIES: readonly LabPolicy[] = [OURS, cheapest, bestSuccess, roundRobin, expectedValue, ucb]
