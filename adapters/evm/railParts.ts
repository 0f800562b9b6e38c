import type { Chain } from './chain.ts'
import type { CollectionParts } from './collections.ts'
import type { Contracts } from './contracts.ts'
import type { Driver } from './driver.ts'
import type { FeeSource } from './fees.ts'
import type { Lane } from './lane.ts'
import type { PayoutParts } from './payouts.ts'
import type { PollLoop } from './pollLoop.ts'
import type { RailLog } from './railLog.ts'
import type { Rpc } from './rpc.ts'
import type { EvmRailOptions } from './settings.ts'
import type { Store } from './store.ts'
import type { Tracker } from './tracker.ts'
import type { TransactionTable } from './transactionTable.ts'
import type { WatchTable } from './watchTable.ts'

/** Everything the rail is made of. */
export type RailParts = Readonly<{
  options: Required<EvmRailOptions>
  log: RailLog
  rpc: Rpc
  chain: Chain
  contracts: Contracts
  fees: FeeSource
  store: Store
  transactions: TransactionTable
  watch: WatchTable
  lane: Lane
  collection: CollectionParts
  payout: PayoutParts
  driver: Driver
  tracker: Tracker
  loop: PollLoop
  /** When the node last answered, ms. */
  answeredAt: () => number
}>
