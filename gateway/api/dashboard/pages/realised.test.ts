import { expect, test } from 'vitest'
import { ETH, USD } from '../../../money/asset.ts'
import { isExpected, predictedUnits, realisedUsd } from './realised.ts'

const view = { assets: [USD, ETH] }
const amount = { asset: 'USDC', amount: '2' }
const decision = { worth_usd: '2.1', rates: [{ from: ETH.id, to: 'USD', num: '3000000000', den: '1000000000000000000' }] }
const of = (fee: { asset: string; amount: string } | undefined) =>
  realisedUsd(view, { payout: fee ? { fee, amount } : { amount }, decision })

test('a fee in the asset of its payout is worth what the payout was', () => {
  expect(of({ asset: 'USDC', amount: '0.02' })).toBe('0.021')
})

test('a fee in another asset is worth what the decision’s own rate says', () => {
  expect(of({ asset: ETH.id, amount: '0.000002' })).toBe('0.006')
})

test('nothing is nothing in any asset; what has no rate, or is not known yet, is not made up', () => {
  expect([of({ asset: 'XYZ', amount: '0' }), of({ asset: 'XYZ', amount: '1' }), of(undefined)]).toEqual(['0', undefined, undefined])
})

test('a fee that its rail tells later is what was expected, and not nothing', () => {
  const realised = { rail: 'bank', fee_usd: '0.0216', fee_is: 'expected' as const, why: '' }
  const known = { payout: { fee: { asset: 'EUR', amount: '0' }, amount }, decision: { ...decision, realised } }
  expect([realisedUsd(view, known), isExpected(known.decision), isExpected({})]).toEqual(['0.0216', true, false])
})

test('what was predicted of a chain is its gas, and of a payout that fell back the terms of the rail that paid', () => {
  const one = { destination: 0, verdict: 'chosen', why: '' }
  const candidates = [
    { ...one, rail: 'bank', rank: 1, terms: { fee: '0.25' } },
    { ...one, rail: 'evm:1', rank: 2, terms: { gas: '0.5', wait_for_funds: '1' } },
  ]
  const realised = { rail: 'evm:1', fee_usd: '0.4', fee_is: 'told' as const, why: '' }
  expect(predictedUnits({ candidates, realised })).toBe(500_000_000_000_000_000n)
})

test('what was predicted is the fee of the candidate that was tried first', () => {
  const one = { rail: 'bank', destination: 0, verdict: 'chosen', why: '' }
  const candidates = [
    { ...one, rank: 2, terms: { fee: '5' } },
    { ...one, rank: 1, terms: { fee: '0.25', liquidity: '1' } },
  ]
  expect(predictedUnits({ candidates })).toBe(250_000_000_000_000_000n)
  expect(predictedUnits({ candidates: [] })).toBeUndefined()
})
