import type { Chain } from './node/chain.ts'
import type { Contracts } from './node/contracts.ts'
import type { Endpoints } from './node/endpoints.ts'
import type { FeeSource } from './node/fees.ts'
import type { PollLoop } from './node/pollLoop.ts'
import type { RailLog } from './node/railLog.ts'
import type { ActionTable } from './sending/actionTable.ts'
import type { Announcements } from './sending/announcements.ts'
import type { createCollectionGas } from './sending/collectionGas.ts'
import type { Driver } from './sending/driver.ts'
import type { Lanes } from './sending/lanes.ts'
import type { Store } from './sending/store.ts'
import type { Tracker } from './sending/tracker.ts'
import type { TransactionTable } from './sending/transactionTable.ts'
import type { EvmRailOptions } from './settings.ts'
import type { PassedTable } from './stream/passedTable.ts'
import type { ReportTable } from './stream/reportTable.ts'
import type { StrangeTable } from './stream/strangeTable.ts'
import type { WatchTable } from './stream/watchTable.ts'
import type { CollectionParts } from './work/collections.ts'
import type { PayoutParts } from './work/payouts.ts'

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
  announcements: Announcements
  transactions: TransactionTable
  watch: WatchTable
  passed: PassedTable
  reports: ReportTable
  strange: StrangeTable
  lanes: Lanes
  collection: CollectionParts
  /** Whether x402's proxy for maxima stands on the chain, with Permit2. */
  maxima: boolean
  payout: PayoutParts
  driver: Driver
  tracker: Tracker
  loop: PollLoop
  /** What collecting one authorization is expected to take. */
  collectionGas: Pick<ReturnType<typeof createCollectionGas>, 'expected' | 'together'>
  /** For how long the node has not answered. */
  silentMs: () => number
}>
