// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChainAddress, createInvoice, getChannels, getRouteToDestination, getUtxos, openChannel } from 'lightning'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planWithdrawal } from '../../../adapters/lightning/embedded/coins/planWithdrawal.ts'
import { signTransaction } from '../../../adapters/lightning/embedded/coins/walletTransaction.ts'
import { scriptOfAddress } from '../../../adapters/lightning/embedded/ldk/chainAddress.ts'
import { httpChain } from '../../../adapters/lightning/embedded/ldk/httpChain.ts'
import { openNodeStore } from '../../../adapters/lightning/embedded/ldk/nodeStore.ts'
import { walletKey } from '../../../adapters/lightning/embedded/ldk/walletKey.ts'
import { type LightningNode, openLightningNode } from '../../../adapters/lightning/embedded/node/lightningNode.ts'
import { createInvoice as createEmbeddedInvoice } from '../../../adapters/lightning/embedded/payments/offers.ts'
import { type LightningRail, openLightningRail } from '../../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import { payAndWait } from '../../../world/lightning/payAndWait.ts'
import { until } from '../../../world/lightning/until.ts'
import { type BackendWorld, lightningBackendBehaves } from '../../behavior/lightningBackend.ts'
import { silenced } from '../../behavior/silenced.ts'
import { MINING_ADDRESS, scriptOf } from './btcd.ts'
import { serveBtcdChain } from './btcdChain.ts'
import { coinbaseSpend } from './coinbaseSpend.ts'
import { channelMsat, payAs } from './lndWorld.ts'
import { type LndNetwork, startNetwork } from './startNetwork.ts'

const DEADLINE_MS = 60_000
/** Announcements need six confirmations (BOLT 7). */
const ANNOUNCE_DEPTH = 6

let network: LndNetwork
let chain: { url: string; close: () => void }
beforeAll(async () => {
  network = await startNetwork()
  chain = await serveBtcdChain(network.btcd)
}, 1_200_000)
afterAll(async () => {
  chain?.close()
  await network?.close()
}, DEADLINE_MS)

/** The embedded rail with Bob's LND as its one peer, over TCP, and a channel that Bob opens. */
async function embeddedBehindBob(): Promise<BackendWorld> {
  const { bob, carol, btcd } = network
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-interop-'))
  const peer = { nodeId: bob.nodeId, host: '127.0.0.1', port: bob.peerPort }
  const open = () =>
    openLightningRail({ dataDir: join(folder, 'node'), chainUrl: chain.url, peer, asset: BTC, clock: { now: () => Date.now() } })
  let rail: LightningRail = await open()
  await until(DEADLINE_MS, 'Bob opens a channel to the embedded node', () =>
    openChannel({
      lnd: bob.lnd,
      partner_public_key: rail.nodeId,
      local_tokens: 10_000_000,
      give_tokens: 5_000_000,
      chain_fee_tokens_per_vbyte: 5,
      min_confirmations: 0,
    }).then(
      () => true,
      () => false,
    ),
  )
  await btcd.mine(ANNOUNCE_DEPTH)
  const usable = async () => (await rail.status()).channels.some((channel) => channel.usable && channel.announced)
  await until(DEADLINE_MS, 'the channel is usable', usable)
  const world: BackendWorld = {
    rail: () => rail,
    reopen: async () => {
      await rail.close()
      rail = await open()
      await until(DEADLINE_MS, 'the channel is usable again', usable)
    },
    restartNode: async () => {
      const before = rail.processId()
      process.kill(before!, 'SIGKILL')
      await until(DEADLINE_MS, 'another process of the node', () => rail.processId() !== before && rail.processId() !== undefined)
    },
    silence: () => silenced(bob.processId()),
    customer: {
      nodeId: carol.nodeId,
      invoice: async (amountMsat) => {
        const amount = amountMsat === undefined ? {} : { mtokens: amountMsat.toString() }
        const { request, id } = await createInvoice({ lnd: carol.lnd, ...amount, description: 'payout' })
        return { invoice: request, paymentHash: id }
      },
      pay: (invoice) => payAs(carol, invoice),
      balanceMsat: () => channelMsat(carol),
    },
    close: async () => {
      await rail.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const destination = { kind: 'lightning_node', nodeId: carol.nodeId } as const
  const routed = async () => (await rail.estimate({ amount: { asset: BTC, units: 1_000n }, destination })).kind === 'possible'
  await until(DEADLINE_MS, 'the embedded node finds Carol', routed)
  await foundByCarol(rail.nodeId)
  return world
}

/** Until the gossip of the channel has reached her. */
async function foundByCarol(nodeId: string): Promise<void> {
  const search = { lnd: network.carol.lnd, destination: nodeId, mtokens: '1000' }
  await until(DEADLINE_MS, 'Carol finds the embedded node', async () => (await getRouteToDestination(search)).route !== undefined)
}

describe('the embedded node behind an LND', () => lightningBackendBehaves(embeddedBehindBob))

describe('a channel that the embedded node opens to an LND', () => {
  let node: LightningNode
  afterAll(() => node?.close())

  test('carries payments both ways, over the router and back', async () => {
    const { bob, carol, btcd } = network
    const coin = await btcd.coin()
    const fund = (script: Uint8Array, sats: bigint) =>
      Buffer.from(coinbaseSpend({ ...coin, outputs: [{ script, sats }], change: scriptOf(MINING_ADDRESS) }), 'hex')
    const source = httpChain(chain.url)
    node = await openLightningNode({ store: openNodeStore(':memory:'), chain: source, alias: 'embedded', now: Date.now, fund })
    const bobKey = Buffer.from(bob.nodeId, 'hex')
    node.sockets.dial(connect(bob.peerPort, '127.0.0.1'), bobKey, () => {})
    node.pump.schedule()
    await until(DEADLINE_MS, 'Bob is connected', () => node.peers.list_peers().length === 1)
    const created = node.manager.create_channel(bobKey, 2_000_000n, 1_000_000_000n, 1n, null, null)
    expect(created.is_ok()).toBeTruthy()
    node.pump.schedule()
    const waiting = async () => (await btcd.rpc<string[]>('getrawmempool')).length > 0
    await until(DEADLINE_MS, 'the funding transaction is in the mempool', waiting)
    await btcd.mine(ANNOUNCE_DEPTH)
    await until(DEADLINE_MS, 'both call the channel usable', async () => {
      await node.syncChain()
      const { channels } = await getChannels({ lnd: bob.lnd, is_active: true })
      const ours = channels.find((channel) => channel.partner_public_key === node.nodeId)
      return ours?.is_partner_initiated === true && node.manager.list_usable_channels().length === 1
    })

    const { request } = await createInvoice({ lnd: carol.lnd, mtokens: '7001' })
    const order = { payee: { kind: 'invoice', invoice: request }, amountMsat: 7_001n, feeMaxMsat: 5_000n } as const
    // Until the gossip of Carol's channel has come there is no route, and nothing moves.
    let tries = 0
    const pay = () => payAndWait(node, { id: `out ${++tries}`, ...order }, DEADLINE_MS)
    let sent = await pay()
    await until(DEADLINE_MS, 'Carol is found', async () => {
      if (sent.reason === 'no_route') sent = await pay()
      return sent.reason !== 'no_route'
    })
    expect(sent).toMatchObject({ state: 'settled', feeMsat: 1_000n })

    const wanted = { amountMsat: 9_003n, description: 'back', expiresAt: Date.now() + 600_000, now: Date.now() }
    const { invoice, paymentHash } = createEmbeddedInvoice(node.manager, wanted)
    await foundByCarol(node.nodeId)
    await payAs(carol, invoice)
    const claimed = node.store.statement('SELECT amount_msat FROM claims WHERE payment_hash = ?').get(paymentHash)
    expect(claimed).toMatchObject({ amount_msat: 9_003n })
  }, 180_000)
})

test.each(['p2wpkh', 'np2wpkh', 'p2tr'] as const)(
  'the embedded wallet pays to an address of LND (%s) on a chain that checks signatures',
  async (format) => {
    const { carol, btcd, mine } = network
    const wallet = walletKey(randomBytes(32))
    const waiting = () => btcd.rpc<string[]>('getrawmempool')
    const before = await waiting()
    await btcd.pay([wallet.address], 100_000n)
    const funding = (await waiting()).find((id) => !before.includes(id))
    await mine(1)
    const { address } = await createChainAddress({ lnd: carol.lnd, format })
    const coins = [{ txid: funding!, index: 0, sats: 100_000n }]
    const { sats, feeSats } = planWithdrawal(coins, wallet.script, { address, sats: 60_000n, feeRateSatPerVb: 2n, feeSatsMax: undefined })
    const script = scriptOfAddress(address)
    if (typeof script === 'string') throw new Error(script)
    const change = { script: wallet.script, sats: 100_000n - sats - feeSats }
    const { raw, txid } = signTransaction(coins, [{ script, sats }, change], wallet)
    expect(await btcd.rpc<string>('sendrawtransaction', Buffer.from(raw).toString('hex'))).toBe(txid)
    await mine(1)
    const paid = async () =>
      (await getUtxos({ lnd: carol.lnd })).utxos.some((coin) => coin.transaction_id === txid && coin.tokens === 60_000)
    await until(DEADLINE_MS, 'Carol has the money', paid)
  },
  60_000,
)
