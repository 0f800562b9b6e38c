import { expect, test } from 'vitest'
import { createLearned } from '../../payouts/learning/learned.ts'
import { reportOf } from '../../payouts/learning/report.ts'
import { routingMetrics } from './routingMetrics.ts'

const AT = 1_800_000_000_000
const WAY = { rail: 'bank', from: 'USDC', to: 'EUR', country: 'DE', band: 3, payee: 'node secret' } as const

test('a scrape has what was counted, the state of breakers and how good chances were, by rail and never by party', async () => {
  const learned = createLearned()
  for (let n = 0; n < 10; n++) {
    learned.sent(`at_${n}`, { owner: 'party:a', at: AT + n, way: WAY, chance: 0.9, word: 0.995 })
    learned.ended(`at_${n}`, { at: AT + 1_000, endedAt: AT + n + 900, paid: n !== 0, blame: 'rail' })
  }
  const { text } = await routingMetrics({
    learning: () => reportOf(learned, AT + 1_000),
    health: () => [{ rail: 'bank', state: 'resting', callsUnderWay: 2, silences: 5 }],
    totals: () => [
      { rail: 'bank', of: 'first', count: 7 },
      { rail: 'bank', of: 'impossible', count: 3 },
      { rail: 'bank', of: 'settled', count: 9 },
    ],
  })
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('chance_ratio'))
  expect(lines).toEqual(
    [
      'plans_total{rail="bank"} 7',
      'ways_total{rail="bank",verdict="impossible"} 3',
      'tries_total{rail="bank",outcome="settled"} 9',
      'breaker_state{rail="bank",state="well"} 0',
      'breaker_state{rail="bank",state="resting"} 1',
      'breaker_state{rail="bank",state="on_trial"} 0',
      'calls_under_way{rail="bank"} 2',
      'silences{rail="bank"} 5',
      'open_tries 0',
      'learned_tries_total{rail="bank",asset="EUR"} 10',
      'brier_score{rail="bank",asset="EUR"} 0.09',
      'rail_brier_score{rail="bank",asset="EUR"} 0.099025',
      'calibration_tries_total{rail="bank",asset="EUR",chance_le="0.9"} 10',
      'calibration_expected_ratio{rail="bank",asset="EUR",chance_le="0.9"} 0.9',
      'calibration_paid_ratio{rail="bank",asset="EUR",chance_le="0.9"} 0.9',
    ].map((line) => `switchyard_routing_${line}`),
  )
  expect(text).not.toMatch(/party:|secret/)
})
