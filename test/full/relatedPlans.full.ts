import { expect, test } from 'vitest'
import { routerPolicy } from '../../gateway/costs/policy.ts'
import { againstBruteForce } from '../payout/relatedPlans.ts'

const INSTANCES = 20_000

test('of 20,000 payouts whose ways fail together none costs more than the best plan of all, and each says its cost', () => {
  const { related, worse, untold } = againstBruteForce(routerPolicy, { from: 1_000_000, instances: INSTANCES })
  expect(related).toBeGreaterThan(INSTANCES / 2)
  expect({ worse, untold }).toEqual({ worse: 0, untold: 0 })
}, 600_000)
