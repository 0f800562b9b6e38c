import { max } from '../../money/integers.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'

type Named = Pick<VoucherChannel, 'rail' | 'id'>

export type ShownVouchers = ReturnType<typeof createShownVouchers>

/**
 * Up to which sum others may know the vouchers of each channel: a claim writes them into a transaction that anybody can read before any block has it. A voucher
 * is no word of its payer's any more from then on. One sum a channel.
 */
export function createShownVouchers() {
  const sums = new Map<string, bigint>()
  const keyOf = ({ rail, id }: Named) => `${rail} ${id}`
  return {
    /** Before it is sent; of what is known at a start all may have been shown. */
    show(channel: Named, sum: bigint): void {
      sums.set(keyOf(channel), max(sum, sums.get(keyOf(channel)) ?? 0n))
    },
    upTo: (channel: Named): bigint => sums.get(keyOf(channel)) ?? 0n,
  }
}
