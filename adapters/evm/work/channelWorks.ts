import { closingWork } from './closing.ts'
import { openingWork, type VoucherChannelParts } from './voucherChannels.ts'

/** What is done for voucher channels beside claims: their opening and their close. */
export function channelWorks(parts: VoucherChannelParts) {
  return { opening: openingWork(parts), closing: closingWork(parts) }
}
