import { describe, expect, test } from 'vitest'
import { BTC } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import { estimateOf, learnedPpm } from './estimate.ts'

const quote = { feeMsat: 1_000n, successPpm: 600_000n, blocks: 40n, parts: 1n, availableMsat: 9_000_000n }
const terms = { amountMsat: 5_000n, outcomes: { ended: 0n, settled: 0n }, asset: BTC }

describe('an estimate', () => {
  test('names the fee, a limit with room above it, and LND’s own chance before anything was paid', () => {
    expect(estimateOf(quote, terms)).toMatchObject({
      kind: 'possible',
      fee: money(BTC, 1_000n),
      feeMax: money(BTC, 2_500n),
      successPpm: 600_000n,
      available: money(BTC, 9_000_000n),
    })
  })

  test('says why it is impossible: too little can leave, or no route', () => {
    const none = { ...quote, feeMsat: undefined }
    expect(estimateOf(none, terms)).toMatchObject({ kind: 'impossible', reason: 'no_route' })
    expect(estimateOf(none, { ...terms, amountMsat: 9_000_001n })).toMatchObject({ kind: 'impossible', reason: 'insufficient_liquidity' })
  })
})

test('what was paid and what failed teaches the chance, and LND’s figure weighs less with every payment', () => {
  expect(learnedPpm(600_000n, { ended: 100n, settled: 100n })).toBe((100_000_000n + 12_000_000n) / 120n)
  expect(learnedPpm(600_000n, { ended: 100n, settled: 0n })).toBe(100_000n)
  expect(learnedPpm(1_000_000n, { ended: 3n, settled: 3n })).toBe(1_000_000n)
})
