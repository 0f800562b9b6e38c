import { expect, test } from 'vitest'
import { quotePolicy } from '../../gateway/payouts/quotes/policy.ts'
import { quotingOf } from './quotingOf.ts'

test('quotes are priced and bounded without a word in the configuration, and by each word that stands there', () => {
  expect(quotingOf()).toEqual(quotePolicy)
  const pairs = [{ pair: 'USDC/BTC', halfSpreadPpm: 300 }]
  expect(quotingOf({ quotes: { doublesAtUsd: '5000', pairs, costRiseMaxUsd: '0.25', partyOpen: 7, openUsd: '9.5' } })).toEqual({
    ...quotePolicy,
    usual: { halfPpm: 500n, doublesAtNano: 5_000_000_000_000n },
    pairs: { 'BTC/USDC': { halfPpm: 300n, doublesAtNano: 5_000_000_000_000n } },
    costRiseMaxNano: 250_000_000n,
    party: { ...quotePolicy.party, openMax: 7 },
    all: { ...quotePolicy.all, openNanoMax: 9_500_000_000n },
  })
})
