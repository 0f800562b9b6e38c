import { expect, test } from 'vitest'
import { payoutLimits } from '../../gateway/payouts/payoutState/limits.ts'
import { payoutLimitsOf } from './payoutLimitsOf.ts'

test('payouts under way are bounded without a word in the configuration, and by each word that stands there', () => {
  expect(payoutLimitsOf()).toEqual(payoutLimits)
  expect(payoutLimitsOf({ party: { openUsd: '2.5', slots: 3 } })).toEqual({
    party: { ...payoutLimits.party, openNanoMax: 2_500_000_000n, slotsMax: 3 },
    payee: payoutLimits.payee,
    slotGraceMs: payoutLimits.slotGraceMs,
  })
})
