import { expect, test } from 'vitest'
import { createPayersLoad } from './payersLoad.ts'

const RAIL = 'evm:8453'
const claim = (n: number, payer: `0x${string}` = '0xa1') => ({ rail: RAIL, payer, claimKey: `${payer} ${n}`, units: 5n }) as const

function open() {
  const money = createPayersLoad()
  /** Whether it was taken. */
  const take = (n: number, balance: bigint, payer?: `0x${string}`) => {
    const refusal = money.refusalOf(claim(n, payer), balance)
    if (!refusal) money.enter(claim(n, payer))
    return refusal?.reason
  }
  return { money, take }
}

test('what is under way is taken off the balance until a block has it', () => {
  const { money, take } = open()
  expect([take(1, 14n), take(2, 14n)]).toEqual([undefined, undefined])
  expect(take(3, 14n)).toBe('invalid_exact_evm_insufficient_balance')
  expect(take(1, 10n, '0xb2')).toBeUndefined()
  money.saw(claim(1), { mined: false })
  expect(take(3, 14n)).toBe('invalid_exact_evm_insufficient_balance')
  money.saw(claim(1), { mined: true })
  expect(take(3, 9n)).toBe('invalid_exact_evm_insufficient_balance')
  expect(take(3, 10n)).toBeUndefined()
  // A reorganisation.
  money.saw(claim(1), { mined: false })
  expect(take(4, 19n)).toBe('invalid_exact_evm_insufficient_balance')
  for (const n of [1, 2, 3]) money.leave(claim(n))
  money.leave(claim(3))
  expect(take(4, 5n)).toBeUndefined()
})

test('a payer has sixty-four for which nothing is signed yet, and more when something is', () => {
  const { money, take } = open()
  for (let n = 1; n <= 64; n++) expect(take(n, 1_000n)).toBeUndefined()
  expect(() => take(65, 1_000n)).toThrow(expect.objectContaining({ code: 'facilitator_quota' }))
  expect(take(1, 1_000n, '0xb2')).toBeUndefined()
  money.saw(claim(1), { mined: false })
  expect(take(65, 1_000n)).toBeUndefined()
  expect(() => take(66, 1_000n)).toThrow(expect.objectContaining({ code: 'facilitator_quota' }))
})

test('what is looked at after it has left, or enters twice, counts once and no more', () => {
  const { money, take } = open()
  money.enter(claim(1))
  money.enter(claim(1))
  expect(take(2, 10n)).toBeUndefined()
  money.leave(claim(1))
  money.saw(claim(1), { mined: false })
  expect(take(3, 10n)).toBeUndefined()
})

test('a payer of whom four are refused has no fifth, until one of them is signed or has its end', () => {
  const { money, take } = open()
  for (let n = 1; n <= 5; n++) expect(take(n, 1_000n)).toBeUndefined()
  for (let n = 1; n <= 4; n++) money.refused(claim(n))
  money.refused(claim(4))
  expect(() => take(6, 1_000n)).toThrow(expect.objectContaining({ code: 'facilitator_quota' }))
  expect(take(1, 1_000n, '0xb2')).toBeUndefined()
  money.saw(claim(1), { mined: false })
  expect(take(6, 1_000n)).toBeUndefined()
  money.refused(claim(6))
  expect(() => take(7, 1_000n)).toThrow(expect.objectContaining({ code: 'facilitator_quota' }))
  money.leave(claim(6))
  expect(take(7, 1_000n)).toBeUndefined()
})
