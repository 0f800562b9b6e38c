import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPeer, createChainAddress, getChainBalance, getChannels, getNetworkGraph, getWalletInfo, openChannel } from 'lightning'
import { NO_PROGRESS_MS } from '../../../gateway/ports/patience.ts'
import { until } from '../../../world/lightning/until.ts'
import { freePorts } from '../../freePorts.ts'
import { type Btcd, startBtcd } from './btcd.ts'
import { buildNodes } from './buildNodes.ts'
import { type LndNode, startLnd } from './lndNode.ts'

/** Announcements need six confirmations (BOLT 7). */
const ANNOUNCE_DEPTH = 6
const WALLET_SATS = 400_000_000n
const CHANNEL_SATS = 10_000_000

/** Alice is the gateway's node, Bob a router, Carol a customer: Alice - Bob - Carol, half of each channel on each side. */
export type LndNetwork = Readonly<{
  folder: string
  btcd: Btcd
  alice: LndNode
  bob: LndNode
  carol: LndNode
  /** Mines, and waits until every node has seen it. */
  mine: (blocks: number) => Promise<void>
  /** Opens an announced channel, half pushed, and waits until it can be used by all. */
  join: (from: LndNode, to: LndNode, sats?: number) => Promise<string>
  close: () => Promise<void>
}>

/** Starts btcd and three LNDs on loopback, with money and two channels. */
export async function startNetwork(flags: Readonly<Partial<Record<'alice' | 'bob', readonly string[]>>> = {}): Promise<LndNetwork> {
  const programs = await buildNodes()
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-lnd-'))
  const stops: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.allSettled(stops.map((stop) => stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const ports = await freePorts(8)
    const btcd = await startBtcd(programs.btcd, join(folder, 'btcd'), [ports[0]!, ports[1]!])
    stops.push(btcd.stop)
    const starting = (['alice', 'bob', 'carol'] as const).map(async (alias, i) => {
      const [rpcPort, peerPort] = [ports[2 + 2 * i]!, ports[3 + 2 * i]!]
      const place = { program: programs.lnd, folder: join(folder, alias), alias, rpcPort, peerPort, btcd }
      const own = alias === 'carol' ? undefined : flags[alias]
      const node = await startLnd({ ...place, ...(own ? { flags: own } : {}) })
      stops.push(node.kill)
      return node
    })
    const [alice, bob, carol] = (await Promise.all(starting)) as [LndNode, LndNode, LndNode] // One for each alias.
    const nodes = [alice, bob, carol]
    const network = { folder, btcd, alice, bob, carol, close, ...chainOf(btcd, nodes) }
    await fund(network, nodes)
    await joinAll(network, [
      [alice, bob],
      [bob, carol],
    ])
    return network
  } catch (error) {
    await close()
    throw error
  }
}

function chainOf(btcd: Btcd, nodes: readonly LndNode[]): Pick<LndNetwork, 'mine' | 'join'> {
  const mine = async (blocks: number) => {
    await btcd.mine(blocks)
    const height = await btcd.height()
    const caughtUp = async ({ lnd }: LndNode) => {
      const info = await getWalletInfo({ lnd }).catch(() => undefined)
      return info === undefined || (info.current_block_height >= height && info.is_synced_to_chain)
    }
    await until(NO_PROGRESS_MS, 'the nodes see the block', async () => (await Promise.all(nodes.map(caughtUp))).every(Boolean))
  }
  return {
    mine,
    join: async (from, to, sats = CHANNEL_SATS) => {
      const { transaction_id } = await open(from, to, sats)
      await mine(ANNOUNCE_DEPTH)
      let id = ''
      await until(NO_PROGRESS_MS, `the channel of ${from.alias} and ${to.alias} is up`, async () => {
        const { channels } = await getChannels({ lnd: from.lnd })
        const channel = channels.find((candidate) => candidate.transaction_id === transaction_id)
        id = channel?.is_active ? channel.id : ''
        return id !== '' && (await everyoneKnows(nodes, 1))
      })
      return id
    },
  }
}

async function fund({ btcd, mine }: LndNetwork, nodes: readonly LndNode[]): Promise<void> {
  const addresses = await Promise.all(nodes.map(({ lnd }) => createChainAddress({ lnd, format: 'p2wpkh' })))
  await btcd.pay(
    addresses.map(({ address }) => address),
    WALLET_SATS,
  )
  await mine(1)
  const rich = async ({ lnd }: LndNode) => (await getChainBalance({ lnd })).chain_balance >= WALLET_SATS
  await until(NO_PROGRESS_MS, 'every node has money', async () => (await Promise.all(nodes.map(rich))).every(Boolean))
}

async function joinAll(network: LndNetwork, pairs: readonly (readonly [LndNode, LndNode])[]): Promise<void> {
  for (const [from, to] of pairs) await open(from, to, CHANNEL_SATS)
  await network.mine(ANNOUNCE_DEPTH)
  const nodes = [network.alice, network.bob, network.carol]
  await until(NO_PROGRESS_MS, 'all channels are up and known to all', () => everyoneKnows(nodes, pairs.length))
}

/** Opens half pushed; tried again, because a peer that has just connected may not be ready for it. */
async function open(from: LndNode, to: LndNode, sats: number): Promise<{ transaction_id: string }> {
  let opened: { transaction_id: string } | undefined
  await until(NO_PROGRESS_MS, `${from.alias} opens a channel to ${to.alias}`, async () => {
    await addPeer({ lnd: from.lnd, public_key: to.nodeId, socket: `127.0.0.1:${to.peerPort}` }).catch(() => undefined)
    opened = await openChannel({
      lnd: from.lnd,
      partner_public_key: to.nodeId,
      local_tokens: sats,
      give_tokens: sats / 2,
      chain_fee_tokens_per_vbyte: 5,
      min_confirmations: 0,
    }).catch(() => undefined)
    return opened !== undefined
  })
  return opened!
}

/** Whether every channel of these nodes is up, and each of them knows both directions of all: before that there may be no route. */
async function everyoneKnows(nodes: readonly LndNode[], atLeast: number): Promise<boolean> {
  const known = await Promise.all(
    nodes.map(async ({ lnd }) => {
      const [{ channels }, graph] = await Promise.all([getChannels({ lnd }), getNetworkGraph({ lnd })])
      const complete = graph.channels.filter(({ policies }) => policies.every(({ cltv_delta }) => cltv_delta !== undefined))
      return { channels, complete: new Set(complete.map(({ id }) => id)) }
    }),
  )
  const channels = known.flatMap((node) => node.channels)
  const ids = new Set(channels.map(({ id }) => id))
  const everywhere = known.every(({ complete }) => [...ids].every((id) => complete.has(id)))
  return ids.size >= atLeast && channels.every(({ is_active }) => is_active) && everywhere
}
