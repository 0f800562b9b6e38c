import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import {
  type ChannelManager,
  type Event,
  IgnoringMessageHandler,
  OnionMessenger,
  Option_UtxoLookupZ,
  P2PGossipSync,
  PeerManager,
} from 'lightningdevkit'
import { stepClosings } from '../coins/closings.ts'
import { stepWithdrawals } from '../coins/withdrawals.ts'
import type { ChainSource } from '../ldk/chainSource.ts'
import { restoredManager, saveManager } from '../ldk/channelManager.ts'
import { loadLdk } from '../ldk/loadLdk.ts'
import { type NodeParts, nodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { startTicks } from '../ldk/nodeTicks.ts'
import { type PeerSockets, peerSockets } from '../ldk/peerSockets.ts'
import { type Pump, startPump } from '../ldk/pump.ts'
import { learnRoute } from '../ldk/routingMemory.ts'
import { transactionSender } from '../ldk/transactionSender.ts'
import { DUST_EXPOSURE_MSAT_MAX } from '../payments/dustExposure.ts'
import { type Probes, startProbes } from '../payments/probes.ts'
import { bornManager, chainSync } from './chainSync.ts'
import { type EventContext, type Funder, handleEvent, type NodeNews } from './handleEvent.ts'

type NodeOptions = Readonly<{
  store: NodeStore
  chain: ChainSource
  /** At most 32 bytes, seen in the node's announcement. */
  alias: string
  now: () => number
  fund?: Funder
  /** All that may be under way in HTLCs too small for an output; what a force close could cost. */
  dustExposureMsatMax?: bigint
  /** For how many blocks a payment that we make may be locked; LDK's own limit when absent. */
  lockBlocksMax?: (amountMsat: bigint) => number
  log?: (line: string) => void
  /** Told when a peer has proved that the stored state is an older copy; the process ends then. */
  fallenBehind?: () => void
}>

/** A running node: LDK's parts, its store, and the pump through which every change goes. */
export type LightningNode = Readonly<{
  nodeId: string
  manager: ChannelManager
  peers: PeerManager
  parts: NodeParts
  store: NodeStore
  now: () => number
  dustExposureMsatMax: bigint
  lockBlocksMax: ((amountMsat: bigint) => number) | undefined
  probes: Probes
  pump: Pump
  sockets: PeerSockets
  /** Takes the blocks mined until now. */
  syncChain: () => Promise<void>
  /** Called after each commit that brought news. Answers how to stop listening. */
  onNews: (listener: (news: Readonly<NodeNews>) => void) => () => void
  /** Listens for peers on 127.0.0.1, on a free port unless one is named, and answers the port. */
  listen: (port?: number) => Promise<number>
  close: () => void
}>

/** Builds the node in LDK's order, from its store when that holds one, and starts its pump and ticks. */
export async function openLightningNode(options: NodeOptions): Promise<LightningNode> {
  await loadLdk()
  const { store, chain, now } = options
  const seed = storedSeed(store)
  const parts = nodeParts(seed, store, now(), options.fallenBehind)
  const saved = store.meta('manager')
  const manager = saved ? await restoredManager(parts, store, saved, chain) : await bornManager(parts, store, chain, now())
  const ignoring = IgnoringMessageHandler.constructor_new()
  const gossip = P2PGossipSync.constructor_new(parts.graph, Option_UtxoLookupZ.constructor_none(), parts.logger)
  // Carries BOLT 12. A peer can stop this LDK version with a malformed invoice request: the process starts again, and regtest is all it runs on.
  const messenger = OnionMessenger.constructor_new(
    parts.entropy,
    parts.nodeSigner,
    parts.logger,
    manager.as_NodeIdLookUp(),
    parts.messageRouter,
    manager.as_OffersMessageHandler(),
    manager.as_AsyncPaymentsMessageHandler(),
    manager.as_DNSResolverMessageHandler(),
    ignoring.as_CustomOnionMessageHandler(),
  )
  const peers = PeerManager.constructor_new(
    manager.as_ChannelMessageHandler(),
    gossip.as_RoutingMessageHandler(),
    messenger.as_OnionMessageHandler(),
    ignoring.as_CustomMessageHandler(),
    Math.trunc(now() / 1000),
    randomBytes(32),
    parts.logger,
    parts.nodeSigner,
  )
  const node = assemble(options, { parts, manager, peers, keep: [gossip, ignoring, messenger] })
  try {
    // A new node remembers where on the chain it began, though LDK sees nothing to save yet.
    if (!saved) saveManager(store, manager)
    await node.syncChain()
    await node.pump.committed()
    return node
  } catch (error) {
    node.close()
    throw error
  }
}

type Built = Readonly<{ parts: NodeParts; manager: ChannelManager; peers: PeerManager; keep: readonly unknown[] }>

function assemble(options: NodeOptions, built: Built): LightningNode {
  const { parts, manager, peers } = built
  const { store, chain, now } = options
  const listeners = new Set<(news: Readonly<NodeNews>) => void>()
  const probes = startProbes()
  const send = transactionSender(chain, options.log ?? (() => {}))
  let news = emptyNews()
  const context = (): EventContext => ({ manager, store, news, now, fund: options.fund })
  let sockets: PeerSockets | undefined
  const release = () => {
    sockets?.flush()
    send(parts.drainBroadcasts())
    const told = news
    if (!told.received && !told.channelReady && told.ended.length === 0 && told.closed.length === 0) return
    news = emptyNews()
    if (told.channelReady) announce()
    for (const listener of listeners) listener(told)
  }
  const announce = () => peers.broadcast_node_announcement(new Uint8Array(3), aliasBytes(options.alias), [])
  const handle = (event: Event) => {
    learnRoute(event, parts, now())
    probes.note(event)
    handleEvent(event, context())
  }
  let chainMoved = true
  const settle = () => {
    if ((chainMoved || news.closed.length > 0) && stepClosings({ manager, store, parts, now })) news.received = true
    const height = manager.current_best_block().get_height()
    if (chainMoved) stepWithdrawals(store, { broadcast: parts.broadcast, height, at: now() })
    chainMoved = false
  }
  const pump = startPump({ manager, peers, parts, store }, { handle, settle, release })
  sockets = peerSockets(peers, pump.schedule)
  const stopTicks = startTicks({ manager, peers, parts, store, now, pump, announce })
  const servers: Server[] = []
  return {
    nodeId: Buffer.from(manager.get_our_node_id()).toString('hex'),
    manager,
    peers,
    // The record keeps alive what LDK holds weakly.
    parts: { ...parts, keep: [...parts.keep, ...built.keep] },
    store,
    now,
    dustExposureMsatMax: options.dustExposureMsatMax ?? DUST_EXPOSURE_MSAT_MAX,
    lockBlocksMax: options.lockBlocksMax,
    probes,
    pump,
    sockets,
    syncChain: chainSync({ manager, parts, store, onBlock: () => (chainMoved = true) }, chain, pump),
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    listen: (port = 0) => listenLocally(servers, sockets.accept, port),
    close: () => {
      stopTicks()
      for (const server of servers) server.close()
      sockets.closeAll()
    },
  }
}

function listenLocally(servers: Server[], accept: PeerSockets['accept'], port: number): Promise<number> {
  const server = createServer(accept)
  servers.push(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('a TCP server has a port'))
      else resolve(address.port)
    })
  })
}

/** The seed is written, and durable, before any key follows from it. */
function storedSeed(store: NodeStore): Uint8Array {
  const known = store.meta('seed')
  if (known) return known
  const seed = randomBytes(32)
  store.write('INSERT INTO meta (key, value) VALUES (?, ?)', 'seed', seed)
  store.commit()
  return seed
}

function emptyNews(): NodeNews {
  return { received: false, ended: [], channelReady: false, closed: [] }
}

function aliasBytes(alias: string): Uint8Array {
  const bytes = new Uint8Array(32)
  bytes.set(Buffer.from(alias).subarray(0, 32))
  return bytes
}
