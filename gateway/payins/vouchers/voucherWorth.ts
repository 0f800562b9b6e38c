import { GatewayError } from '../../errors/gatewayError.ts'
import { max, min } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'

/** A voucher as a payer sends it: `cumulative` is all that it owes over the channel's life. */
export type SentVoucher = Readonly<{ channel: VoucherChannel; cumulative: bigint; signature: Hex }>

/**
 * What a voucher adds to those before it, in units, by what its channel's chain says. Throws `channel_closing`, `voucher_not_higher` and
 * `voucher_over_deposit`.
 */
export function voucherWorth({ channel, cumulative }: SentVoucher, state: VoucherChannelState): bigint {
  checkOpen(channel, state)
  const floor = max(channel.accepted, state.claimed)
  if (cumulative <= floor) {
    throw new GatewayError('voucher_not_higher', `A voucher over ${cumulative} units adds nothing to the ${floor} that stand`, {
      meta: { accepted: floor, sent: cumulative },
    })
  }
  const covered = min(channel.deposit, state.deposit)
  if (cumulative > covered) {
    throw new GatewayError('voucher_over_deposit', `A voucher over ${cumulative} units exceeds the deposit of ${covered}`, {
      meta: { deposit: covered, accepted: floor, sent: cumulative },
    })
  }
  return cumulative - floor
}

function checkOpen(channel: VoucherChannel, state: VoucherChannelState): void {
  if (state.closeAt === 0n && !channel.withdrawn && !channel.closing) return
  throw new GatewayError('channel_closing', `Channel ${channel.id} is closed or about to be`, {
    meta: { close_at: state.closeAt, accepted: channel.accepted },
  })
}
