import { expect, test } from 'vitest'
import { OURS, POLICIES } from './labPolicies.ts'
import { HONEST, ONE_TRY, PRICED } from './labRails.ts'
import { runLab } from './runLab.ts'

const PAYMENTS = 7_000
/** In which the best rail fails for a while. */
const SEED = 1

const ours = (world: typeof ONE_TRY, learning: 'none' | 'means', o: { seed?: number; payments?: number } = {}) =>
  runLab(world, OURS, { learning, seed: o.seed ?? SEED, payments: o.payments ?? PAYMENTS })

test('under drift and outages what was learned keeps far nearer to an oracle than the words of rails', () => {
  const [blind, taught] = [ours(ONE_TRY, 'none'), ours(ONE_TRY, 'means')]
  expect(taught.regret).toBeLessThan(blind.regret / 2)
  expect(taught.success).toBeGreaterThan(blind.success + 0.02)
})

test('the same seed meets the same world, and another seed another', () => {
  const few = { payments: 1_000 }
  expect(ours(ONE_TRY, 'means', few)).toEqual(ours(ONE_TRY, 'means', few))
  expect(ours(ONE_TRY, 'means', { payments: 1_000, seed: SEED + 1 }).regret).not.toBe(ours(ONE_TRY, 'means', few).regret)
})

test('where rails are priced no other policy costs less by a twentieth, told the same', () => {
  const run = (policy: (typeof POLICIES)[number]) => runLab(PRICED, policy, { learning: 'means', seed: SEED, payments: 1_000 })
  const least = run(OURS).costPer1000Usd
  for (const policy of POLICIES) expect([policy.name, run(policy).costPer1000Usd >= least * 0.95]).toEqual([policy.name, true])
})

test('where rails say the truth and nothing changes, learning costs next to nothing', () => {
  const [blind, taught] = [ours(HONEST, 'none', { payments: 2_000 }), ours(HONEST, 'means', { payments: 2_000 })]
  expect(taught.costPer1000Usd).toBeLessThan(blind.costPer1000Usd * 1.1)
  expect(blind.costPer1000Usd).toBeCloseTo(blind.oraclePer1000Usd, 6)
})
