import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { getInvoices } from 'lightning'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { HoldInvoices } from '../../../gateway/ports/holdInvoices.ts'
import type { LightningNode } from '../../../gateway/ports/lightningNode.ts'
import type { Receiver } from '../../../gateway/ports/receiver.ts'
import type { Sender } from '../../../gateway/ports/sender.ts'
import type { Statement } from '../../../gateway/ports/statement.ts'
import { closedChannels } from './closings/closedChannels.ts'
import { watchClosings } from './closings/watchClosings.ts'
import { transactionsAfter } from './coins/walletTransactions.ts'
import { watchCoins } from './coins/watchCoins.ts'
import type { LndAccess } from './node/access.ts'
import { keepBackups } from './node/backups.ts'
import { connectLnd, type LndNode } from './node/connect.ts'
import { watchHealth } from './node/health.ts'
import { isRefusedMacaroon, LndError, lndCall } from './node/lndCall.ts'
import type { Network } from './node/network.ts'
import { type LndStore, openLndStore } from './node/store.ts'
import { createSender } from './paying/sender.ts'
import { WALLET } from './paying/translate.ts'
import { createHoldInvoices } from './receiving/holds.ts'
import { watchHolds } from './receiving/holdWatch.ts'
import { openReceived } from './receiving/received.ts'
import { createReceiver } from './receiving/receiver.ts'
import { lndReport } from './report.ts'
import { statementOf } from './statement.ts'

/** A bitcoin has 10^11 millisatoshi. */
const MSAT_SCALE = 11
const FIRST_LOOK_MS = 20_000
const STRANGERS_MAX = 1_000

export type LndRailOptions = LndAccess &
  Readonly<{
    /** The rail's own file and the channel backup live here. Made when it is missing. */
    dataDir: string
    /** Bitcoin in msat. */
    asset: Asset
    clock: Clock
    /** The networks this gateway may be on; a node of another is refused. */
    networks: readonly Network[]
    log?: (line: string) => void
    /** Channels that payments may leave by, in standard format (`height x index x output`); all when absent. */
    outgoingChannels?: readonly string[]
  }>

export type LndRail = Receiver &
  Sender &
  Statement &
  LightningNode &
  Readonly<{
    rail: 'lightning'
    nodeId: string
    network: Network
    /** "alias (version)", as the node calls itself. */
    name: string
    holds: HoldInvoices
    close: () => Promise<void>
  }>

/** Opens the rail on an LND node. Throws `rail_misconfigured`, `unsafe_configuration` or `rail_unavailable`. */
export async function openLndRail(options: LndRailOptions): Promise<LndRail> {
  const node = await connectLnd(options)
  refuseOtherNetworks(node, options)
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const store = openLndStore(join(options.dataDir, 'lnd.db'))
  try {
    await bindToNode(store, node)
    await mayRead(node)
    return await assemble(options, node, store)
  } catch (error) {
    store.close()
    throw refusedStart(error, options)
  }
}

/** Arrivals and coins are read later, by who asks for them: a macaroon that cannot is told now. */
async function mayRead({ receiving: lnd, height }: LndNode): Promise<void> {
  await lndCall('its invoices', FIRST_LOOK_MS, () => getInvoices({ lnd, limit: 1 }))
  await closedChannels(lnd, height)
  await transactionsAfter(lnd, height)
}

/** A call that failed while the rail opened, in the domain's words: a right that is missing does not heal. */
function refusedStart(error: unknown, { socket }: LndRailOptions): unknown {
  if (!(error instanceof LndError)) return error
  const code = isRefusedMacaroon(error.fault) ? 'rail_misconfigured' : 'rail_unavailable'
  return new GatewayError(code, `LND at ${socket} did not do what the rail needs (${error.message})`, { cause: error, meta: { socket } })
}

async function assemble(options: LndRailOptions, node: LndNode, store: LndStore): Promise<LndRail> {
  const { asset, clock, dataDir, outgoingChannels, log = () => {} } = options
  const { receiving: lnd, paying, nodeId, network } = node
  const received = openReceived({ lnd, store, nodeId, height: node.height, log })
  const closings = watchClosings(lnd, store, { now: clock.now })
  const coins = watchCoins(lnd, store, { height: node.height, log })
  const watch = watchHolds(lnd, store, { height: node.height, log })
  const backups = await keepBackups(lnd, dataDir, { now: clock.now, log })
  const onHeight = (height: number) => {
    watch.onHeight(height)
    void closings.look().then(() => coins.lookAgain(height))
  }
  const renew = () => {
    received.renew()
    watch.renew()
  }
  const health = watchHealth(lnd, { onHeight, onBack: renew, log })
  const { sender, underWay } = createSender({
    lnd: paying,
    store,
    asset,
    clock,
    nodeId,
    network,
    log,
    refusal: received.refusal,
    ...(outgoingChannels ? { outgoingChannels } : {}),
  })
  const statement: Statement = {
    balances: async () => {
      // Whoever asks while a channel closes sees what was in it.
      await closings.look()
      return statementOf(lnd, received.place, { asset, at: clock.now(), residueMsat: closings.residueMsat, coins: coins.look })
    },
    strangers: async () => {
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      return (await coins.look())?.unexplained.slice(-STRANGERS_MAX).map(({ transaction, sats }) => {
        const amount = { asset, units: sats * 1_000n }
        return { id: transaction, place: WALLET, kind: 'payment', side: 'out', amount, day, names: [transaction] }
      })
    },
  }
  const report = () => {
    const attempts = underWay().map(({ id, paymentHash, createdAt, stuck }) => ({ id, paymentHash, since: createdAt, stuck }))
    return lndReport(lnd, { network, underWay: attempts, backup: backups.state(), coins: coins.look })
  }
  return {
    ...createReceiver({ lnd, store, received, closings, coins, asset, clock, network }),
    ...sender,
    ...statement,
    rail: 'lightning',
    nodeId,
    network,
    name: `${node.alias} (${node.version})`,
    report,
    holds: createHoldInvoices({ lnd, store, watch, asset, clock, network }),
    close: async () => {
      health.close()
      received.close()
      watch.close()
      backups.close()
      await store.committed()
      store.close()
    },
  }
}

function refuseOtherNetworks({ network }: LndNode, { networks, socket, asset }: LndRailOptions): void {
  invariant(asset.scale === MSAT_SCALE, 'this rail counts in millisatoshi')
  if (networks.includes(network)) return
  throw new GatewayError('unsafe_configuration', `LND at ${socket} is on ${network}, this gateway is for ${networks.join(' or ')}`, {
    hint: 'Name a node of this network, or change the network of the gateway.',
  })
}

/** Cursors and attempts are of one node: another one's would be lost or booked twice. */
async function bindToNode(store: LndStore, { nodeId }: LndNode): Promise<void> {
  const known = store.meta('node_id')
  if (known === undefined) {
    store.setMeta('node_id', nodeId)
    await store.committed()
  } else if (known !== nodeId) {
    throw new GatewayError('rail_misconfigured', `The data folder belongs to the node ${known}, and LND says it is ${nodeId}`, {
      hint: 'Start with the data folder of this node, or with an empty one.',
    })
  }
}
