import type { Asset } from '../../money/asset.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { VoucherChannelOperator } from '../../ports/voucherChannels.ts'

/** One chain whose hub has voucher channels, and the token they are in. */
export type VoucherChannelChain = Readonly<{ rail: EvmRailName; asset: Asset }> & VoucherChannelOperator
