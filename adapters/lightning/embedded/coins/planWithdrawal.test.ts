import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { walletKey } from '../ldk/walletKey.ts'
import { CHANGE_SATS_MIN, planWithdrawal, type WithdrawalTerms } from './planWithdrawal.ts'
import { coinName } from './walletCoins.ts'
import { type Coin, virtualBytes } from './walletTransaction.ts'

const wallet = walletKey(new Uint8Array(32).fill(9))
const { address } = walletKey(new Uint8Array(32).fill(8))
const coins = (...sats: bigint[]): Coin[] => sats.map((value, i) => ({ txid: `${i}`.padStart(64, 'a'), index: 0, sats: value }))
const terms = (more: Partial<WithdrawalTerms>): WithdrawalTerms => ({
  address,
  sats: 10_000n,
  feeRateSatPerVb: 1n,
  feeSatsMax: undefined,
  ...more,
})
const plan = (of: Coin[], more: Partial<WithdrawalTerms> = {}) => planWithdrawal(of, wallet.script, terms(more))
const refusal = (of: Coin[], more: Partial<WithdrawalTerms> = {}) => {
  try {
    plan(of, more)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a withdrawal', () => {
  test('takes the fewest coins, the largest first, and pays its rate for what they weigh', () => {
    expect(plan(coins(50_000n, 20_000n))).toEqual({ address, sats: 10_000n, feeSats: 141n, inputs: [coinName(coins(1n)[0]!)] })
    expect(plan(coins(20_000n, 15_000n), { sats: 30_000n }).inputs).toHaveLength(2)
    expect(plan(coins(50_000n), { feeRateSatPerVb: 5n }).feeSats).toBe(705n)
  })

  test('of all leaves nothing behind', () => {
    const { sats, feeSats, inputs } = plan(coins(50_000n, 20_000n, 700n), { sats: 'all' })
    expect([sats + feeSats, inputs.length]).toEqual([70_700n, 3])
  })

  test('gives change that is not worth having to the fee', () => {
    expect(plan(coins(10_000n + 110n)).feeSats).toBe(110n)
    expect(plan(coins(10_000n + 141n + CHANGE_SATS_MIN - 1n), { feeSatsMax: 1_000n }).feeSats).toBe(434n)
    expect(plan(coins(10_000n + 141n + CHANGE_SATS_MIN), { feeSatsMax: 1_000n }).feeSats).toBe(141n)
  })

  test('is refused with the reason', () => {
    expect(refusal(coins(50_000n), { address: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' })).toMatchObject({
      code: 'invalid_request',
      shortMessage: expect.stringContaining('another network'),
    })
    expect(refusal(coins(50_000n), { sats: 293n })).toMatchObject({ code: 'invalid_amount' })
    expect(refusal(coins(50_000n), { sats: 294n, feeSatsMax: 141n })).toBeUndefined()
    expect(refusal(coins(10_109n))).toMatchObject({ code: 'insufficient_balance', meta: { available_sat: 10_109n } })
    expect(refusal([])).toMatchObject({ code: 'insufficient_balance' })
    expect(refusal([], { sats: 'all' })).toMatchObject({ code: 'insufficient_balance' })
    expect(refusal(coins(300n), { sats: 'all', feeSatsMax: 300n })).toMatchObject({ code: 'invalid_amount' })
    expect(refusal(coins(50_000n), { feeRateSatPerVb: 8n })).toMatchObject({ code: 'fee_above_limit', meta: { fee_max_sat: 1_000n } })
    expect(refusal(coins(50_000n), { feeRateSatPerVb: 8n, feeSatsMax: 1_128n })).toBeUndefined()
    expect(refusal(coins(50_000n), { feeSatsMax: 0n })).toMatchObject({ code: 'fee_above_limit' })
  })

  test('never pays less than its rate, never more than it has, and never leaves change too small', () => {
    const some = fc.array(fc.bigInt({ min: 300n, max: 100_000n }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(some, fc.bigInt({ min: 294n, max: 400_000n }), fc.bigInt({ min: 1n, max: 50n }), (values, sats, rate) => {
        const of = coins(...values.sort((a, b) => (a > b ? -1 : 1)))
        const total = values.reduce((a, b) => a + b, 0n)
        const made = (() => {
          try {
            return plan(of, { sats, feeRateSatPerVb: rate, feeSatsMax: 10_000_000n })
          } catch {
            return undefined
          }
        })()
        if (!made) return total < sats + rate * virtualBytes(of.length, [wallet.script])
        const taken = of.slice(0, made.inputs.length).reduce((sum, coin) => sum + coin.sats, 0n)
        const change = taken - made.sats - made.feeSats
        const scripts = change > 0n ? [wallet.script, wallet.script] : [wallet.script]
        return (change === 0n || change >= CHANGE_SATS_MIN) && made.feeSats >= rate * virtualBytes(made.inputs.length, scripts)
      }),
    )
  })
})
