import type { Asset } from '../../money/asset.ts'
import type { ChannelOperator } from '../../ports/channels.ts'
import type { EvmRailName } from '../../ports/railName.ts'

/** One chain whose hub has voucher channels, and the token they are in. */
export type ChannelChain = Readonly<{ rail: EvmRailName; asset: Asset }> & ChannelOperator
