import { expect, test } from 'vitest'
import { createLearned } from './learned.ts'
import { reportOf } from './report.ts'
import type { Way } from './way.ts'

const AT = 1_800_000_000_000
const WAY: Way = { rail: 'bank', from: 'USDC', to: 'EUR', country: 'DE', band: 3, payee: undefined }

test('a report says what was reckoned, what the rail said and what came of it, how long it took, and no payee', () => {
  const learned = createLearned()
  for (let n = 0; n < 10; n++) {
    const way = n % 2 === 0 ? WAY : { ...WAY, payee: 'node secret' }
    learned.sent(`at_${n}`, { owner: 'party:a', at: AT + n, way, chance: 0.9, word: 0.995 })
    learned.ended(`at_${n}`, { at: AT + 1_000, endedAt: AT + n + 900, paid: n !== 0, blame: 'rail' })
  }
  learned.sent('at_open', { owner: 'party:a', at: AT, way: WAY, chance: 0.9, word: 0.995 })
  const report = reportOf(learned, AT + 1_000)
  expect(report.openTries).toBe(1)
  expect(report.rails).toMatchObject([
    {
      rail: 'bank',
      asset: 'EUR',
      tries: 10,
      railPpm: 995_000,
      // One miss of 0.9 and nine of 0.1; of the rail's word one of 0.995 and nine of 0.005.
      brierPpm: 90_000,
      brierOfRailPpm: 99_025,
      ranges: [{ upToPpm: 900_000, tries: 10, expectedPpm: 900_000, paidPpm: 900_000 }],
      paid: { tries: 9 },
      failed: { tries: 1 },
    },
  ])
  expect(report.rails[0]!.paid.p50Ms).toBeGreaterThanOrEqual(900)
  expect(report.rails[0]!.chancePpm).toBeLessThan(995_000)
  expect(report.cells).toMatchObject([{ rail: 'bank', asset: 'EUR', from: 'USDC', country: 'DE', band: 3, weight: 10 }])
  expect(JSON.stringify(report)).not.toContain('secret')
})

test('nothing learned is a report of nothing', () => {
  expect(reportOf(createLearned(), AT)).toEqual({ openTries: 0, rails: [], cells: [] })
})
