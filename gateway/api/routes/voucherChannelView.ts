import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { VoucherChannel } from '../../payins/settlement/voucherChannelRecords.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import { moneyView } from '../http/views.ts'

type Beside = Readonly<{
  asset: Asset
  /** The split's key here, when it is known. */
  split: string | undefined
  /** The chain's word on it; undefined once it is closed. */
  state: VoucherChannelState | undefined
  forOperator: boolean
}>

/** What anyone can read on the chain; and for the operator what only we know. */
export function voucherChannelView(channel: VoucherChannel, { asset, split, state, forOperator }: Beside) {
  const own = { accepted: moneyView(money(asset, channel.accepted)), claimed: moneyView(money(asset, state?.claimed ?? 0n)) }
  return {
    id: channel.id,
    object: 'channel',
    rail: channel.rail,
    split: split ?? null,
    status: !state ? 'closed' : state.closeAt === 0n ? 'open' : 'closing',
    payer: channel.payer,
    salt: channel.salt.toString(),
    closer: channel.closer,
    deposit: moneyView(money(asset, channel.deposit)),
    ...(forOperator && state ? own : {}),
  }
}
