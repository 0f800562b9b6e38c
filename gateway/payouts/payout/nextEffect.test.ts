import { describe, expect, test } from 'vitest'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { evolve } from '../payoutState/evolve.ts'
import { type PayoutFact, toMoneyData } from '../payoutState/facts.ts'
import type { Payout } from '../payoutState/payout.ts'
import { nextEffect } from './nextEffect.ts'

const LIMITS = { attemptsMax: 2, planFreshMs: 60_000 }
const id = 'po_1'
const amount = toMoneyData(money(USD, 100n))
const created: PayoutFact = {
  type: 'payout.created',
  id,
  at: 0,
  data: { source: 'party:pa_1', amount, destinations: [], reference: '', createdBy: 'test', hold: 'en_1', claims: [] },
}
const way = { rail: 'lightning' as const, amount: toMoneyData(money(BTC, 5n)), feeMax: toMoneyData(money(BTC, 1n)) }
const lightning = [0, 1].map((destination) => ({ ...way, destination, verdict: 'chosen' as const, rank: destination + 1 }))
const candidates = [...lightning, { ...way, rail: 'bank' as const, destination: 2, verdict: 'chosen' as const, rank: 2 }]
const sums = { amount, worthNano: '1', attemptsMax: 2, expectedNano: '1', lostNano: '1', rates: [] }
const decided = (order: number[], at = 0, aside: number[] = []): PayoutFact => ({
  type: 'decision.made',
  id: `dec_${at}`,
  at,
  data: { payout: id, candidates, order, ...(aside.length > 0 && { aside }), ...sums },
})
type Refused = 'rate_unavailable' | 'no_answer' | 'no_route'
const shut = (at: number, ...reasons: readonly Refused[]): PayoutFact => ({
  type: 'decision.made',
  id: `dec_${at}`,
  at,
  data: {
    payout: id,
    candidates: reasons.map((reason, destination) => ({ rail: 'lightning', destination, verdict: 'impossible', reason })),
    order: [],
    ...sums,
  },
})
const DAY_MS = 86_400_000
const unpriced = [created, shut(0, 'rate_unavailable', 'no_route')]
const sent = (n: number): PayoutFact => ({
  type: 'attempt.sent',
  id: `at_${n}`,
  at: 0,
  data: { payout: id, decision: 'dec_0', ...way, destination: n % 2, feesComeBy: 'outcome', feeHeld: false },
})
const failed = (n: number, reason: 'no_route' | 'never_sent' | 'fee_budget_used' | 'expired' = 'no_route'): PayoutFact => ({
  type: 'attempt.failed',
  id: `at_${n}`,
  at: 0,
  data: { payout: id, reason, detail: '' },
})
const unknown = (n: number): PayoutFact => ({
  type: 'attempt.unknown',
  id: `at_${n}`,
  at: 0,
  data: { payout: id, stuck: false, detail: '' },
})
const over: PayoutFact = { type: 'payout.failed', id, at: 0, data: { code: 'no_rail', refusals: [] } }

const stateAfter = (...facts: PayoutFact[]): Payout => facts.reduce<Payout | undefined>(evolve, undefined)!

describe('what comes next', () => {
  test.each<[string, PayoutFact[], number, string]>([
    ['a new payout is decided', [created], 0, 'decide'],
    ['a fresh plan is acted on', [created, decided([0, 1])], 60_000, 'attempt'],
    ['an old plan is made anew', [created, decided([0, 1])], 60_001, 'decide'],
    ['an empty plan is the end', [created, decided([])], 0, 'fail'],
    ['a plan without a rate for its only way is made anew', [created, shut(0, 'rate_unavailable')], 0, 'decide'],
    ['it is asked for once more before that', [created, shut(0, 'rate_unavailable')], DAY_MS + 1, 'decide'],
    ['a rail that is silent beside it ends nothing', [created, shut(DAY_MS + 1, 'rate_unavailable', 'no_answer')], DAY_MS + 1, 'decide'],
    ['a try without an outcome is asked for', [created, decided([0, 1]), sent(0)], 0, 'lookup'],
    ['an unknown try is asked for, however old, and no other is made', [created, decided([0, 1]), sent(0), unknown(0)], 10 ** 9, 'lookup'],
    ['a failed try gives way to the next', [created, decided([0, 1]), sent(0), failed(0, 'expired')], 0, 'attempt'],
    ['one whose reason speaks of no way that is left goes on', [created, decided([0, 2]), sent(0), failed(0)], 0, 'attempt'],
    [
      'one whose reason speaks of a way outside the order has it made anew',
      [created, decided([0, 2], 0, [1]), sent(0), failed(0)],
      0,
      'decide',
    ],
    ['one whose reason speaks of the next has the plan made anew', [created, decided([0, 1]), sent(0), failed(0)], 0, 'decide'],
    ['that is done once', [created, decided([0, 1]), sent(0), failed(0), decided([1], 1)], 1, 'attempt'],
    ['a plan that is used up is the end', [created, decided([0]), sent(0), failed(0)], 0, 'fail'],
    [
      'a plan that is used up by a try that the rail never heard of is made anew',
      [created, decided([0]), sent(0), failed(0, 'never_sent')],
      0,
      'decide',
    ],
    [
      'a new plan that has nothing to try is the end, whatever the last try of the plan before',
      [created, decided([0]), sent(0), failed(0, 'never_sent'), decided([], 1)],
      1,
      'fail',
    ],
    [
      'the limit of tries is the end, also with an old plan',
      [created, decided([0, 1]), sent(0), failed(0), sent(1), failed(1)],
      10 ** 9,
      'fail',
    ],
    [
      'tries that the rail never heard of are no tries: the next way is still tried',
      [created, decided([0, 1]), sent(0), failed(0, 'never_sent'), sent(1), failed(1, 'never_sent')],
      0,
      'decide',
    ],
    [
      'the day’s money for fees that another payment has taken ends no payout',
      [created, decided([0]), sent(0), failed(0, 'fee_budget_used')],
      0,
      'decide',
    ],
    [
      'a rail that never hears is not asked for ever',
      [created, ...Array.from({ length: 20 }, (_, n) => [decided([0], n), sent(n), failed(n, 'never_sent')]).flat()],
      19,
      'fail',
    ],
    ['after its end there is nothing', [created, over], 10 ** 9, 'none'],
  ])('%s', (_, facts, now, kind) => {
    expect(nextEffect(stateAfter(...facts), now, LIMITS).kind).toBe(kind)
  })

  const hurried: PayoutFact = { ...created, data: { ...created.data, sendBy: 100 } }
  test.each<[string, PayoutFact[], number, string]>([
    ['in time, a way is tried', [hurried, decided([0, 1])], 100, 'attempt'],
    ['too late, it fails and nothing is tried', [hurried, decided([0, 1])], 101, 'fail'],
    ['too late, it is not even decided', [hurried], 101, 'fail'],
    ['too late, what was sent is asked for all the same', [hurried, decided([0, 1]), sent(0)], 101, 'lookup'],
    ['too late, there is no second way', [hurried, decided([0, 1]), sent(0), failed(0)], 101, 'fail'],
  ])('of a payout that must be sent by a time: %s', (_, facts, now, kind) => {
    expect(nextEffect(stateAfter(...facts), now, LIMITS).kind).toBe(kind)
  })

  test('goes through the plan in its order', () => {
    expect(nextEffect(stateAfter(created, decided([1, 0])), 0, LIMITS)).toMatchObject({ quote: { destination: 1 } })
  })
})

describe('of a payout that waits for a rate', () => {
  test.each<[string, PayoutFact[], number, string]>([
    ['a rate is waited for a day', [...unpriced, shut(DAY_MS, 'rate_unavailable', 'no_route')], DAY_MS, 'decide'],
    [
      'a rate that has not come after a day is the end',
      [...unpriced, shut(DAY_MS + 1, 'rate_unavailable', 'no_route')],
      DAY_MS + 1,
      'fail',
    ],
    [
      'a day in which a rail was silent is no day of waiting for a rate alone',
      [...unpriced, shut(DAY_MS, 'rate_unavailable', 'no_answer'), shut(DAY_MS + 1, 'rate_unavailable')],
      DAY_MS + 1,
      'decide',
    ],
    [
      'the day begins when only the rate is missing',
      [created, shut(0, 'no_answer'), shut(2 * DAY_MS, 'rate_unavailable')],
      2 * DAY_MS,
      'decide',
    ],
    [
      'and ends a day later',
      [created, shut(0, 'no_answer'), shut(2 * DAY_MS, 'rate_unavailable'), shut(3 * DAY_MS + 1, 'rate_unavailable')],
      3 * DAY_MS + 1,
      'fail',
    ],
  ])('%s', (_, facts, now, kind) => {
    expect(nextEffect(stateAfter(...facts), now, LIMITS).kind).toBe(kind)
  })
})

describe('a fact that cannot follow what stands', () => {
  test.each<[string, PayoutFact[]]>([
    ['a second creation', [created, created]],
    ['a decision without a payout', [decided([0])]],
    ['an outcome of a try that is not the last', [created, decided([0, 1]), sent(0), failed(0), sent(1), failed(0)]],
    ['a second outcome', [created, decided([0, 1]), sent(0), failed(0), failed(0)]],
    ['anything after the end', [created, over, decided([0])]],
  ])('stops the process: %s', (_, facts) => {
    expect(() => stateAfter(...facts)).toThrow('invariant broken')
  })
})
