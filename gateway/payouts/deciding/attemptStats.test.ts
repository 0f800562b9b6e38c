import { expect, test } from 'vitest'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import { attemptStats } from './attemptStats.ts'

const attempt = (a: Partial<AttemptState>): AttemptState =>
  ({
    rail: 'lightning',
    sentAt: 1_000,
    amount: money(BTC, 1_000n),
    status: 'sent',
    stuck: false,
    failure: undefined,
    settled: undefined,
    ...a,
  }) as AttemptState // What the counting reads.
const settled = (ms: number, fee: bigint) =>
  attempt({ status: 'settled', settled: { evidence: { rail: 'lightning', id: 'h', at: 1_000 + ms }, fee: money(BTC, fee) } })
const failed = (reason: 'no_route' | 'expired') => attempt({ status: 'failed', failure: { reason, detail: '' } })
const payout = (...attempts: AttemptState[]): Payout => ({ attempts }) as unknown as Payout // As above.

test('tries are counted by how they ended, with what they cost and how long they took', () => {
  const payouts = [
    payout(failed('no_route'), settled(10, 1n)),
    payout(settled(20, 3n)),
    payout(failed('no_route'), failed('expired')),
    payout(attempt({ status: 'unknown', stuck: true }), attempt({})),
  ]
  expect(attemptStats(payouts, 'lightning', 0)).toEqual({
    settled: 2,
    failed: { no_route: 2, expired: 1 },
    open: 2,
    stuck: 1,
    feePpm: 2_000n,
    p50Ms: 10,
    p99Ms: 10,
  })
})

test('other rails and what is older do not count, and where nothing was sent nothing is said of fees', () => {
  const payouts = [payout(settled(10, 1n)), payout(attempt({ rail: 'bank' }))]
  expect(attemptStats(payouts, 'lightning', 1_001)).toEqual({
    settled: 0,
    failed: {},
    open: 0,
    stuck: 0,
    feePpm: undefined,
    p50Ms: undefined,
    p99Ms: undefined,
  })
})

test('a rail whose clock is behind ours settled at once', () => {
  expect(attemptStats([payout(settled(-5, 0n))], 'lightning', 0)).toMatchObject({ p50Ms: 0, feePpm: 0n })
})
