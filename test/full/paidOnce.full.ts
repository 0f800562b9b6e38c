import { expect, test } from 'vitest'
import { playSeeds } from '../payout/once/playSeeds.ts'

const SEEDS = 1_000

test(`no payment is made twice in ${SEEDS} schedules of crashes, lies and late answers`, { timeout: 600_000 }, async () => {
  expect(await playSeeds(SEEDS)).toMatchObject({ wrong: [], seeds: SEEDS })
})
