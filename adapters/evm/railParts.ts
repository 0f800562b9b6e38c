import type { ActionTable } from './actionTable.ts'
import type { Chain } from './chain.ts'
import type { CollectionParts } from './collections.ts'
import type { Contracts } from './contracts.ts'
import type { Driver } from './driver.ts'
import type { Endpoints } from './endpoints.ts'
import type { FeeSource } from './fees.ts'
import type { Lanes } from './lanes.ts'
import type { PayoutParts } from './payouts.ts'
import type { PollLoop } from './pollLoop.ts'
import type { RailLog } from './railLog.ts'
import type { ReportTable } from './reportTable.ts'
import type { EvmRailOptions } from './settings.ts'
import type { Store } from './store.ts'
import type { Tracker } from './tracker.ts'
import type { TransactionTable } from './transactionTable.ts'
import type { WatchTable } from './watchTable.ts'

/** Everything the rail is made of. */
export type RailParts = Readonly<{
  options: Required<EvmRailOptions>
  log: RailLog
  endpoints: Endpoints
  chain: Chain
  /** What several endpoints say, where there are several. */
  agreed: Chain
  contracts: Contracts
  fees: FeeSource
  store: Store
  actions: ActionTable
  transactions: TransactionTable
  watch: WatchTable
  reports: ReportTable
  lanes: Lanes
  collection: CollectionParts
  payout: PayoutParts
  driver: Driver
  tracker: Tracker
  loop: PollLoop
  /** When the node last answered, ms. */
  answeredAt: () => number
}>
