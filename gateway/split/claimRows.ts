import type { VoucherRow } from './voucherRow.ts'

/** A voucher with the terms of its row, and the channel as the chain has it. */
export type HeldVoucher = Readonly<{ channelId: string; row: VoucherRow; deposit: bigint; claimed: bigint }>

/**
 * A row costs about 13,000 gas, and a transaction may use 16,777,216 (EIP-7825), which 1,200 rows come close to. Half of it leaves room for
 * tokens and chains that are dearer.
 */
export const CLAIM_ROWS_MAX = 600

/** What a claim of these vouchers brings, in batches of at most `CLAIM_ROWS_MAX` rows: `value` is what each adds to the pot. */
export type ClaimBatch = Readonly<{ rows: readonly VoucherRow[]; value: bigint }>

/**
 * Chooses what a claim takes: per channel the highest voucher that its deposit covers, when it is above what was claimed before. The most
 * valuable rows come first, so that a claim that is cut short leaves the least behind.
 */
export function claimRows(held: readonly HeldVoucher[]): readonly ClaimBatch[] {
  const best = new Map<string, HeldVoucher>()
  for (const voucher of held) {
    const { cumulative } = voucher.row
    if (cumulative <= voucher.claimed || cumulative > voucher.deposit) continue
    const known = best.get(voucher.channelId)
    if (known === undefined || cumulative > known.row.cumulative) best.set(voucher.channelId, voucher)
  }
  const gains = [...best.values()].map((voucher) => ({ row: voucher.row, gain: voucher.row.cumulative - voucher.claimed }))
  gains.sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
  const batches: ClaimBatch[] = []
  for (let start = 0; start < gains.length; start += CLAIM_ROWS_MAX) {
    const part = gains.slice(start, start + CLAIM_ROWS_MAX)
    batches.push({ rows: part.map(({ row }) => row), value: part.reduce((sum, { gain }) => sum + gain, 0n) })
  }
  return batches
}
