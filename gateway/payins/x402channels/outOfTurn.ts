import { GatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import { channelStateOf, type X402Told } from '../proof/verifiedProof.ts'
import type { X402ChannelRecords } from './records.ts'

/** In units. `expected`: the sum that the voucher should be over; `charged`: what the channel has paid; `shown`: up to where anybody can have its vouchers. */
type OutOfTurn = Readonly<{
  channelId: Hex
  sent: bigint
  expected: bigint
  charged: bigint
  shown: bigint
  record: ReturnType<X402ChannelRecords['standing']>
  state: VoucherChannelState
}>

/** The refusal of a voucher over another sum than the channel's, with all that its payer needs to sign the right one. */
export function outOfTurn({ channelId, sent, expected, charged, shown, record, state }: OutOfTurn): GatewayError {
  // A sum beyond the highest that was signed for cannot be proved to the payer, who asks the chain then. Who only has what a claim has shown is told of no
  // other voucher: where its work has failed it is still money.
  const isProved = record !== undefined && charged <= record.signed && (sent > shown || record.signed <= shown)
  const channelState = { ...channelStateOf(channelId, toldOf(charged, state, '')) }
  const { chargedCumulativeAmount: _, ...unproved } = channelState
  return new GatewayError('proof_wrong_amount', `The voucher is over ${sent} units, and the next one is over ${expected}`, {
    hint: 'Sign one over `meta.expected` units: what the channel has paid, and the price of this request.',
    meta: {
      expected,
      sent,
      channelState: isProved ? channelState : unproved,
      ...(isProved ? { voucherState: { signedMaxClaimable: record.signed.toString(), signature: record.signature } } : {}),
    },
  })
}

/** What is said of the channel that was charged so much. */
export function toldOf(charged: bigint, state: VoucherChannelState | undefined, transaction: Hex | ''): X402Told {
  const { deposit = 0n, claimed = 0n, closeAt = 0n } = state ?? {}
  return { balance: deposit, totalClaimed: claimed, withdrawRequestedAt: closeAt, charged, transaction }
}
