import type { Asset } from '../money/asset.ts'
import type { Money } from '../money/money.ts'
import type { CollectionSights } from '../ports/collectionSights.ts'
import type { EvmRailName } from '../ports/railName.ts'
import type { Collector, OpenCollector } from '../ports/receiver.ts'
import type { Destination } from '../ports/sender.ts'
import type { SpendingView } from '../ports/spendingView.ts'
import type { VoucherChannelOperator } from '../ports/voucherChannels.ts'

/** A chain as a facilitator uses it. */
export type FacilitatorChain = Readonly<{ rail: EvmRailName; asset: Asset }> &
  Collector &
  Pick<OpenCollector, 'askCode'> &
  Pick<VoucherChannelOperator, 'place'> &
  Pick<SpendingView, 'spending'> &
  CollectionSights &
  Readonly<{
    /** What collecting one authorization is expected to cost now, from memory. */
    cost(): Money
    /** Which account of ours the destination is, in words; undefined for a stranger's. */
    owns?(destination: Destination): string | undefined
  }>
