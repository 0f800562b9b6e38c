import { expect, test } from 'vitest'
import { BTC, USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { fetchableMsat, paidFrom, refundState, tryId } from './refund.ts'

const account = `0x${'ab'.repeat(20)}`
const nonce = `0x${'0e'.repeat(32)}`

test.each([
  ['of a token', `evm:8453:0x${'11'.repeat(20)}:${account}:${nonce}`, account],
  ['of a contract by its name', `evm:8453:permit2:${account}:${nonce}`, account],
  ['of a balance', 'book:pa_1:key', undefined],
  ['of an intent', 'pi_1', undefined],
])('the account that paid is read from the claim %s', (_, payment, from) => {
  expect(paidFrom({ rail: 'evm:8453', payment })).toEqual(from && { rail: 'evm:8453', account: from })
  expect(paidFrom({ rail: 'lightning', payment })).toBeUndefined()
})

const owed = (left: bigint, underWay: bigint, isGone = false) => {
  const [total, rest, away] = [9_000n, left, underWay].map((units) => money(BTC, units))
  return { total: total!, left: rest!, underWay: away!, isGone }
}
test('a refund is due while anything waits, and refunded when nothing that can be fetched does', () => {
  expect(refundState(undefined, [])).toBe('none')
  expect([refundState(owed(9_000n, 0n), []), refundState(owed(0n, 9_000n), []), refundState(owed(999n, 0n, true), [])]).toEqual([
    'due',
    'paying',
    'refunded',
  ])
})

test('an invoice fetches what came over Lightning and waits while nothing is on its way, and nothing else', () => {
  expect(fetchableMsat({ rail: 'lightning', owed: owed(5_000n, 0n) })).toBe(5_000n)
  const nothing = [owed(0n, 9_000n), owed(5_000n, 4_000n), owed(999n, 0n, true), undefined].map((one) =>
    fetchableMsat({ rail: 'lightning', owed: one }),
  )
  expect(nothing).toEqual([undefined, undefined, undefined, undefined])
  expect(fetchableMsat({ rail: 'evm:8453', owed: owed(5_000n, 0n) })).toBeUndefined()
  const inUsd = { ...owed(5_000n, 0n), left: money(USD, 5_000n) }
  expect(fetchableMsat({ rail: 'lightning', owed: inUsd })).toBeUndefined()
})

test('a try is named by its receipt and place, and as old as the receipt', () => {
  const receipt = 'rc_0193f2c8a1b27c3d8e4f5a6b7c8d9e0f'
  expect(tryId(receipt, 'f'.repeat(64))).toBe(`po_0193f2c8a1b27${'f'.repeat(19)}`)
})
