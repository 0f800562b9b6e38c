import { max } from '../../money/integers.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'

type Named = Pick<VoucherChannel, 'rail' | 'id'>

export type ShownVouchers = ReturnType<typeof createShownVouchers>

/**
 * Up to which sum others may know the vouchers of each channel: a claim writes them into a transaction that anybody can read. A voucher is no word of its payer's
 * any more from then on.
 */
export function createShownVouchers() {
  const sums = new Map<string, bigint>()
  const keyOf = ({ rail, id }: Named) => `${rail} ${id}`
  return {
    /** Before it is sent. */
    show(channel: Named, sum: bigint): void {
      sums.set(keyOf(channel), max(sum, sums.get(keyOf(channel)) ?? 0n))
    },
    /** Of a channel that is first seen with vouchers, after a restart, all may have been shown. One sum a channel that is known. */
    upTo(channel: Named & Pick<VoucherChannel, 'accepted'>): bigint {
      const known = sums.get(keyOf(channel))
      if (known === undefined) sums.set(keyOf(channel), channel.accepted)
      return known ?? channel.accepted
    },
  }
}
