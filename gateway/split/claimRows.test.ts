import { describe, expect, test } from 'vitest'
import { CLAIM_ROWS_MAX, claimRows, type HeldVoucher } from './claimRows.ts'

const held = (channel: number, cumulative: bigint, state: { deposit: bigint; claimed: bigint }): HeldVoucher => ({
  channelId: `channel ${channel}`,
  row: { payer: `0x${channel.toString(16).padStart(40, '0')}`, salt: 1n, cumulative, signature: '0x' },
  ...state,
})
const taken = (vouchers: readonly HeldVoucher[]) =>
  claimRows(vouchers).map((batch) => ({ sums: batch.rows.map((row) => row.cumulative), value: batch.value }))

describe('a claim', () => {
  test('takes the highest voucher of each channel that its deposit covers', () => {
    const state = { deposit: 100n, claimed: 10n }
    expect(taken([held(1, 50n, state), held(1, 101n, state), held(1, 70n, state), held(1, 60n, state)])).toEqual([
      { sums: [70n], value: 60n },
    ])
    expect(taken([held(1, 100n, state)])).toEqual([{ sums: [100n], value: 90n }])
  })

  test('takes nothing that brings nothing', () => {
    const state = { deposit: 100n, claimed: 10n }
    expect(taken([held(1, 10n, state), held(2, 9n, state), held(3, 101n, state), held(4, 5n, { deposit: 0n, claimed: 0n })])).toEqual([])
    expect(taken([])).toEqual([])
  })

  test('puts what brings most first, and is cut at the limit of one transaction', () => {
    const many = Array.from({ length: CLAIM_ROWS_MAX + 1 }, (_, i) => held(i + 1, BigInt(i + 1), { deposit: 10_000n, claimed: 0n }))
    const batches = taken(many)
    expect(batches.map((batch) => batch.sums.length)).toEqual([CLAIM_ROWS_MAX, 1])
    expect(batches[0]?.sums[0]).toBe(BigInt(CLAIM_ROWS_MAX + 1))
    expect(batches[1]).toEqual({ sums: [1n], value: 1n })
    expect(batches.reduce((sum, batch) => sum + batch.value, 0n)).toBe(BigInt(((CLAIM_ROWS_MAX + 1) * (CLAIM_ROWS_MAX + 2)) / 2))
  })
})
