/** One channel as its node sees it, in msat. What can leave is `localMsat` less `reserveMsat`, what can arrive `remoteMsat` less the peer's reserve. */
export type LightningChannel = Readonly<{
  id: string
  peer: string
  usable: boolean
  weFunded: boolean
  announced: boolean
  localMsat: bigint
  remoteMsat: bigint
  /** In HTLCs that have no end yet. */
  unsettledMsat: bigint
  reserveMsat: bigint
  remoteReserveMsat: bigint
  /** HTLCs in either direction, and how many fit (BOLT 2: 483 at most). */
  slotsUsed: number
  slotsMax: number
}>

/** A payment of ours without an outcome. `stuck`: the node will not end it by itself, and a person must look. Time in ms. */
export type LightningAttempt = Readonly<{ id: string; paymentHash: string; since: bigint; stuck: boolean }>

/**
 * A node that runs inside this gateway. `recycles`: processes replaced because their memory had grown; `restarts`: any other way. `dustMsat` is under way
 * in payments that a force close would lose. `closings`: channels that are closed and not paid out to `walletAddress` yet.
 */
export type OwnProcess = Readonly<{
  memoryBytes: number
  recycles: number
  restarts: number
  dustMsat: bigint
  dustMsatMax: bigint
  closings: bigint
  walletAddress: string
}>

/**
 * Coins of the node on chain, in msat, at a place of the rail that `verify` compares. `unexplained` are transactions that took some and that nothing here
 * asked for, the newest last; absent where nobody but the gateway can send.
 */
export type OnChain = Readonly<{
  confirmedMsat: bigint
  pendingMsat: bigint
  unexplained?: readonly Readonly<{ transaction: string; msat: bigint }>[]
}>

/** The node's own word about itself, for an operator. */
export type LightningReport = Readonly<{
  /** What kind of node, as configured. */
  backend: 'embedded' | 'lnd'
  nodeId: string
  /** How the node calls itself, with its version. */
  name: string
  network: string
  height: number
  synced: boolean
  peers: number
  channels: readonly LightningChannel[]
  underWay: readonly LightningAttempt[]
  /** Undefined where the node does not let us see it. */
  onChain?: OnChain
  /** Only of a node that runs here. */
  ownProcess?: OwnProcess
  /** The newest static channel backup; undefined where this backend takes none. Time in ms. */
  backup: Readonly<{ file: string; channels: number | undefined; takenAt: number }> | undefined
}>

/** A Lightning node as its operator looks at it. */
export interface LightningNode {
  /** Throws `rail_unavailable`. */
  report(): Promise<LightningReport>
}
