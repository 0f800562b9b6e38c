import { expect, test } from 'vitest'
import { feePolicy } from '../../gateway/payouts/fees/policy.ts'
import { feesOf } from './feesOf.ts'

test('fees are bounded without a word in the configuration, and by each word that stands there', () => {
  expect(feesOf()).toEqual(feePolicy)
  const given = feesOf({
    lightning: { baseUsd: '0.005', ppm: 0 },
    evm: { ppm: 500 },
    custom: { ppm: 700 },
    refundsDayUsd: '7',
    partyDayUsd: '0',
  })
  expect(given).toEqual({
    perPayment: {
      lightning: { baseNano: 5_000_000n, ppm: 0n },
      evm: { baseNano: feePolicy.perPayment.evm.baseNano, ppm: 500n },
      bank: feePolicy.perPayment.bank,
      custom: { baseNano: feePolicy.perPayment.custom.baseNano, ppm: 700n },
    },
    dayUnits: feePolicy.dayUnits,
    refundsDayUnits: 7_000_000n,
    accountDayUnits: 0n,
    allowanceDayUnits: feePolicy.allowanceDayUnits,
  })
})
