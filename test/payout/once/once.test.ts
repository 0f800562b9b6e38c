import { expect, test } from 'vitest'
import { DEFECTS } from './defects.ts'
import { playSeeds } from './playSeeds.ts'

const SEEDS = 300
/** A planted defect is found in fewer. */
const FOUND_WITHIN = 99

test(`no payment is made twice in ${SEEDS} schedules of crashes, lies and late answers`, { timeout: 600_000 }, async () => {
  const played = await playSeeds(SEEDS)
  expect(played).toMatchObject({ wrong: [], seeds: SEEDS })
  // It was tried: processes died, rails lied, and much was paid all the same.
  expect(played.deaths).toBeGreaterThan(SEEDS)
  expect(played.attempts).toBeGreaterThan(2 * SEEDS)
  expect(played.healing).toBeGreaterThan(SEEDS / 10)
  expect(played.falseWords).toBeGreaterThan(SEEDS / 20)
  expect(played.settled).toBeGreaterThan(SEEDS)
  expect(played.waitingForTime).toBeGreaterThan(SEEDS / 10)
  expect(played.waitingForWay).toBeGreaterThan(SEEDS / 100)
})

test.each(Object.entries(DEFECTS))('%s: found in fewer than 100 schedules', { timeout: 300_000 }, async (_, seam) => {
  expect((await playSeeds(FOUND_WITHIN, seam)).wrong).not.toEqual([])
})
