import { expect, test } from 'vitest'
import { OURS } from './labPolicies.ts'
import { HONEST, LYING, ONE_TRY } from './labRails.ts'
import { runLab } from './runLab.ts'

/** In which the rail that is best at first fails from the 500th payment on. */
const SEED = 27
const MOST_REGRET = 0.04

test('under an outage our policy keeps near to an oracle by what was learned, and without that it does not', async () => {
  const run = (learning: 'none' | 'means') => runLab(ONE_TRY, OURS, { learning, seed: SEED, payments: 900 })
  const [blind, taught] = [await run('none'), await run('means')]
  expect(taught.regret).toBeLessThan(MOST_REGRET)
  expect(blind.regret).toBeGreaterThan(5 * MOST_REGRET)
  expect(taught.costPer1000Usd).toBeLessThan(blind.costPer1000Usd / 2)
  // All of it has a cause. Who is blind goes on paying by what is down; who learns mostly loses what it cannot have heard yet.
  const sum = ({ causes }: typeof blind) => Object.values(causes).reduce((a, b) => a + b, 0)
  expect([sum(blind), sum(taught)]).toEqual([expect.closeTo(blind.regret, 9), expect.closeTo(taught.regret, 9)])
  expect(blind.causes.outage).toBeGreaterThan(blind.regret / 2)
  expect(taught.causes.outage).toBeLessThan(blind.causes.outage / 20)
})

test('every payment has its end by rails that lie, and what they moved unsaid is what the books miss', async () => {
  const taught = await runLab(LYING, OURS, { learning: 'means', seed: SEED, payments: 400 })
  expect(taught.success).toBe(1)
  expect(taught.unsaidUsd).toBeGreaterThan(0)
  expect(taught.missingUsd).toBe(taught.unsaidUsd)
  expect(taught.costPer1000Usd).toBeLessThan(taught.oraclePer1000Usd * 1.2)
})

test('the same seed meets the same world, and where rails say the truth their words do as well as the oracle', async () => {
  const run = (learning: 'none' | 'means') => runLab(HONEST, OURS, { learning, seed: SEED, payments: 100 })
  const blind = await run('none')
  expect(await run('none')).toEqual(blind)
  expect(blind.missingUsd).toBe(0)
  expect(blind.costPer1000Usd).toBeCloseTo(blind.oraclePer1000Usd, 6)
})
