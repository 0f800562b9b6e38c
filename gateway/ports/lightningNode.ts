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
  /** The newest static channel backup; undefined where this backend takes none. Time in ms. */
  backup: Readonly<{ file: string; channels: number | undefined; takenAt: number }> | undefined
}>

/** A Lightning node as its operator looks at it. */
export interface LightningNode {
  /** Throws `rail_unavailable`. */
  report(): Promise<LightningReport>
}
