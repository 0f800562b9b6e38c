import { describe, expect, test } from 'vitest'
import { BTC } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import { estimateOf } from './estimate.ts'

const quote = { feeMsat: 1_000n, successPpm: 600_000n, blocks: 40n, parts: 1n, availableMsat: 9_000_000n }
const terms = { amountMsat: 5_000n, asset: BTC }

describe('an estimate', () => {
  test('names the fee, a limit with room above it, and LND’s own chance', () => {
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
