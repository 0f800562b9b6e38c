import { type ChannelInfo, Option_u64Z_Some } from 'lightningdevkit'
import { httpChain } from '../../adapters/lightning/embedded/ldk/httpChain.ts'
import { openNodeStore } from '../../adapters/lightning/embedded/ldk/nodeStore.ts'
import { type LightningNode, openLightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { keepConnected } from '../../adapters/lightning/embedded/node/peerLink.ts'
import { quotePayment } from '../../adapters/lightning/embedded/payments/quotePayment.ts'
import { until } from '../../world/lightning/until.ts'
import { coinbaseSpend } from '../full/lnd/coinbaseSpend.ts'

/** What a router is told: first where it lives (`port` 0 is any), then what to do. Amounts in satoshi. */
export type ToRouter =
  | { start: { file: string; chainUrl: string; port: number; upstream: { nodeId: string; host: string; port: number } } }
  | { find: string }
  | { open: { nodeId: string; sats: bigint; pushSats: bigint; coin: { txid: string; height: number } } }

/** `found`: it knows a route to this node, so whoever connects to it hears of it. `htlcs`: how many each peer's channel carries, after every change. */
export type FromRouter = { ready: { nodeId: string; port: number } } | { found: string } | { htlcs: Record<string, number> }

const SYNC_MS = 50
const DEADLINE_MS = 60_000
/** OP_TRUE: the chain of the world runs no script. */
const ANYBODY = Uint8Array.of(0x51)

// A router that can be killed, as its own process: all that it keeps is in its file.
process.on('disconnect', () => process.exit(0))
let running: Promise<LightningNode>
let coin: { txid: string; height: number } | undefined

process.on('message', async (message: ToRouter) => {
  if ('start' in message) running = begin(message.start)
  else if ('find' in message) {
    const node = await running
    const query = { payee: { kind: 'node', nodeId: message.find }, amountMsat: 1_000n } as const
    await until(DEADLINE_MS, 'the router finds the payee', () => quotePayment(node, query).route !== undefined)
    // It knows its own channel before others may, and what it hears later it may not pass on while it is busy.
    await until(DEADLINE_MS, 'the channel of the router is announced', () => isAnnounced(node))
    tell({ found: message.find })
  } else {
    coin = message.open.coin
    const node = await running
    const { nodeId, sats, pushSats } = message.open
    await until(DEADLINE_MS, 'the payer is connected', () => isConnected(node, nodeId))
    const created = node.manager.create_channel(Buffer.from(nodeId, 'hex'), sats, pushSats * 1_000n, 1n, null, null)
    if (!created.is_ok()) throw new Error('the router refused to open the channel')
    node.pump.schedule()
  }
})

/** Whether the router's first channel is in the public graph, with what both ends ask for. */
function isAnnounced({ manager, parts }: LightningNode): boolean {
  const id = manager.list_channels()[0]?.get_short_channel_id()
  if (!(id instanceof Option_u64Z_Some)) return false
  const graph = parts.graph.read_only()
  const channel = graph.channel(id.some) as ChannelInfo | null // As LDK's own words say.
  const isWhole = Boolean(channel?.get_one_to_two() && channel.get_two_to_one())
  // It locks the graph until then.
  graph.free()
  return isWhole
}

async function begin({ file, chainUrl, port, upstream }: Extract<ToRouter, { start: object }>['start']): Promise<LightningNode> {
  const fund = (script: Uint8Array, sats: bigint) => {
    if (!coin) throw new Error('the router has no coin')
    return Buffer.from(coinbaseSpend({ ...coin, outputs: [{ script, sats }], change: ANYBODY }), 'hex')
  }
  const node = await openLightningNode({ store: openNodeStore(file), chain: httpChain(chainUrl), alias: 'middle', now: Date.now, fund })
  keepConnected(node, upstream)
  tell({ ready: { nodeId: node.nodeId, port: await node.listen(port) } })
  let told = ''
  setInterval(async () => {
    await node.syncChain().catch(() => undefined)
    const htlcs = htlcsOf(node)
    const now = JSON.stringify(htlcs)
    if (now !== told) tell({ htlcs })
    told = now
  }, SYNC_MS)
  return node
}

function isConnected({ peers }: LightningNode, nodeId: string): boolean {
  return peers.list_peers().some((peer) => Buffer.from(peer.get_counterparty_node_id()).toString('hex') === nodeId)
}

function htlcsOf({ manager }: LightningNode): Record<string, number> {
  const counts = manager.list_channels().map((channel) => {
    const peer = Buffer.from(channel.get_counterparty().get_node_id()).toString('hex')
    return [peer, channel.get_pending_inbound_htlcs().length + channel.get_pending_outbound_htlcs().length] as const
  })
  return Object.fromEntries(counts)
}

function tell(message: FromRouter): void {
  if (process.connected) process.send?.(message)
}
