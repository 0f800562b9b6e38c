import { join } from 'node:path'
import type { ChainSource } from '../../adapters/lightning/embedded/ldk/chainSource.ts'
import { openNodeStore } from '../../adapters/lightning/embedded/ldk/nodeStore.ts'
import { type LightningNode, openLightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { keepConnected } from '../../adapters/lightning/embedded/node/peerLink.ts'
import { quotePayment } from '../../adapters/lightning/embedded/payments/quotePayment.ts'
import { NO_PROGRESS_MS } from '../../gateway/ports/patience.ts'
import { movedClock } from '../movedClock.ts'
import { noRecord, openRecord } from '../record.ts'
import { type Faucet, faucet } from './faucet.ts'
import { type ChainStep, type RegtestChain, regtestChain } from './regtestChain.ts'
import { until } from './until.ts'

const CUSTOMER_CHANNEL = { capacitySats: 100_000_000n, pushMsat: 50_000_000_000n }
/** Announcements need six confirmations (BOLT 7). */
export const ANNOUNCE_DEPTH = 6

/** A customer and a router on one chain, joined by an announced channel with money on both sides. */
export type WorldNodes = Readonly<{
  chain: RegtestChain
  router: LightningNode
  customer: LightningNode
  routerPort: number
  /** Their clock, which a test may have put forward. */
  now: () => number
  /** Puts it forward to a time (ms), with a block of that time: invoices are dated by blocks. */
  moveTo: (at: number) => void
  close: () => void
}>

/** Where a world keeps its nodes: a folder, the key of its miner, and the port that the router had. */
type Place = Readonly<{ folder: string; faucetKey: Uint8Array; routerPort: number }>

/** Starts both nodes in this process with the same code as the gateway's: in memory, or as a place has them. */
export async function startWorldNodes(place?: Place): Promise<WorldNodes> {
  const wallet: Faucet = faucet(place?.faucetKey)
  const record = place ? openRecord<ChainStep>(join(place.folder, 'chain.jsonl')) : noRecord<ChainStep>()
  const storeOf = (name: string) => openNodeStore(place ? join(place.folder, `${name}.sqlite`) : ':memory:')
  const { now, moveTo } = movedClock(record.rows.reduce((last, step) => Math.max(last, 'timeS' in step ? step.timeS * 1000 : 0), 0))
  const nowS = () => Math.floor(now() / 1000)
  const chain = regtestChain({ minerScript: wallet.script, nowS, onCoin: wallet.take, onCoinLost: wallet.lose, record })
  if (record.rows.length === 0) chain.mine(1)
  const source: ChainSource = {
    blocksAfter: async (after) => chain.blocksAfter(after),
    broadcast: async (tx) => {
      chain.submit(tx)
    },
  }
  const options = { chain: source, now }
  const router = await openLightningNode({ ...options, store: storeOf('router'), alias: 'router', fund: wallet.fund })
  const customer = await openLightningNode({ ...options, store: storeOf('customer'), alias: 'customer' })
  chain.onBlock(() => {
    router.syncChain()
    customer.syncChain()
  })
  const routerPort = await router.listen(place?.routerPort)
  const stopDialling = keepConnected(customer, { nodeId: router.nodeId, host: '127.0.0.1', port: routerPort })
  const nodes = {
    chain,
    router,
    customer,
    routerPort,
    now,
    moveTo: (at: number) => {
      moveTo(at)
      chain.mine(1)
    },
    close: () => {
      stopDialling()
      closeAll([router, customer])
    },
  }
  await openChannel(nodes, { nodeId: customer.nodeId, ...CUSTOMER_CHANNEL })
  await until(NO_PROGRESS_MS, 'the customer sees the router', () => usable(customer, router.nodeId))
  return nodes
}

/**
 * The router opens an announced channel to a connected peer, mines it, and waits until the customer can route over it. One a peer: a second call waits
 * for the first's. Answers the height of the block that holds the funding.
 */
export async function openChannel(
  { chain, router, customer }: Pick<WorldNodes, 'chain' | 'router' | 'customer'>,
  wanted: { nodeId: string; capacitySats: bigint; pushMsat: bigint; depth?: number },
): Promise<number> {
  const peer = Buffer.from(wanted.nodeId, 'hex')
  await until(NO_PROGRESS_MS, `${wanted.nodeId} is connected to the router`, () => isConnected(router, wanted.nodeId))
  const confirmations = () => chain.confirmations(fundingTxid(router, wanted.nodeId) ?? '')
  const fundedAt = () => chain.tip().height + 1 - confirmations()!
  if (channelCount(router, wanted.nodeId) > 0) {
    await until(NO_PROGRESS_MS, 'the channel is usable', () => usable(router, wanted.nodeId))
    return fundedAt()
  }
  const created = router.manager.create_channel(peer, wanted.capacitySats, wanted.pushMsat, 1n, null, null)
  if (!created.is_ok()) throw new Error('the router refused to open the channel')
  router.pump.schedule()
  // That one and no other: what closed channels leave behind is swept at the same time.
  await until(NO_PROGRESS_MS, 'the chain knows the funding transaction', () => confirmations() !== undefined)
  const depth = wanted.depth ?? ANNOUNCE_DEPTH
  // Who mines what waits by the clock may have mined it by now: it is not to be deeper than was asked for.
  const missing = depth - confirmations()!
  if (missing > 0) chain.mine(missing)
  await until(NO_PROGRESS_MS, 'the channel is usable', () => usable(router, wanted.nodeId))
  const payee = { kind: 'node', nodeId: wanted.nodeId } as const
  // Nobody is told of a channel before its announcement.
  if (wanted.nodeId === customer.nodeId || depth < ANNOUNCE_DEPTH) return fundedAt()
  await until(NO_PROGRESS_MS, 'the customer finds a route', () => quotePayment(customer, { payee, amountMsat: 1_000n }).route !== undefined)
  return fundedAt()
}

/** The router's base fee for what it hands on to the customer, told to everybody: a dear last hop. */
export function askForForwards({ router, customer }: Pick<WorldNodes, 'router' | 'customer'>, baseMsat: number): void {
  const peer = Buffer.from(customer.nodeId, 'hex')
  const [channel] = router.manager.list_channels_with_counterparty(peer)
  const config = channel?.get_config()
  if (!channel || !config) throw new Error('the router has no channel with the customer')
  config.set_forwarding_fee_base_msat(baseMsat)
  if (!router.manager.update_channel_config(peer, [channel.get_channel_id()], config).is_ok()) throw new Error('the router keeps its fees')
  router.pump.schedule()
}

function isConnected(node: LightningNode, peerId: string): boolean {
  return node.peers.list_peers().some((peer) => Buffer.from(peer.get_counterparty_node_id()).toString('hex') === peerId)
}

function channelCount(node: LightningNode, peerId: string): number {
  return node.manager.list_channels_with_counterparty(Buffer.from(peerId, 'hex')).length
}

/** Of the newest channel with the peer, once LDK knows it. */
function fundingTxid(node: LightningNode, peerId: string): string | undefined {
  const [outpoint] = node.manager
    .list_channels_with_counterparty(Buffer.from(peerId, 'hex'))
    .flatMap((channel) => channel.get_funding_txo() ?? [])
    .slice(-1)
  // LDK keeps ids of transactions in the order of their bytes, and people read them the other way round.
  return outpoint && Buffer.from(outpoint.get_txid()).reverse().toString('hex')
}

function usable(node: LightningNode, peerId: string): boolean {
  return node.manager.list_channels_with_counterparty(Buffer.from(peerId, 'hex')).some((channel) => channel.get_is_usable())
}

function closeAll(nodes: readonly LightningNode[]): void {
  for (const node of nodes) node.close()
}
