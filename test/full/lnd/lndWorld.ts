import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInvoice, deleteForwardingReputations, getChannelBalance, grantAccess, payViaPaymentRequest } from 'lightning'
import { PAY_METHODS, RECEIVE_METHODS } from '../../../adapters/lightning/lnd/node/access.ts'
import { type LndRail, type LndRailOptions, openLndRail } from '../../../adapters/lightning/lnd/rail.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import type { BackendWorld } from '../../behavior/lightningBackend.ts'
import { silenced } from '../../behavior/silenced.ts'
import type { LndNode } from './lndNode.ts'
import { type LndNetwork, startNetwork } from './startNetwork.ts'

/** A rail on Alice's LND, with macaroons that can do no more than it needs, and the network around it. */
export type LndWorld = Omit<BackendWorld, 'rail'> &
  Readonly<{
    rail: () => LndRail
    network: LndNetwork
    /** A rail of its own folder on a node of the network. */
    openOn: (node: LndNode, options?: Partial<LndRailOptions>) => Promise<LndRail>
    /** What the rails logged. */
    log: readonly string[]
  }>

/** The macaroons that docs/lightning.md has an operator make. */
export async function leastMacaroons({ lnd }: LndNode): Promise<{ receive: string; pay: string }> {
  const [receive, pay] = await Promise.all([
    grantAccess({ lnd, id: '1', methods: [...RECEIVE_METHODS] }),
    grantAccess({ lnd, id: '2', methods: [...PAY_METHODS] }),
  ])
  return { receive: receive.macaroon, pay: pay.macaroon }
}

/** Starts the network and opens the rail. */
export async function startLndWorld(network?: LndNetwork): Promise<LndWorld> {
  const net = network ?? (await startNetwork())
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-lnd-rail-'))
  const rails = new Set<LndRail>()
  const log: string[] = []
  let folders = 0
  const openOn: LndWorld['openOn'] = async (node, options = {}) => {
    const macaroons = await leastMacaroons(node)
    const rail = await openLndRail({
      dataDir: join(folder, `${++folders}`),
      socket: node.socket,
      cert: node.cert,
      macaroons,
      asset: BTC,
      clock: { now: () => Date.now() },
      networks: ['regtest'],
      log: (line) => void log.push(line),
      ...options,
    })
    rails.add(rail)
    return rail
  }
  const dataDir = join(folder, 'main')
  let rail: LndRail
  const close = async () => {
    await Promise.allSettled([...rails].map((open) => open.close()))
    await net.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    rail = await openOn(net.alice, { dataDir })
  } catch (error) {
    await close()
    throw error
  }
  return {
    network: net,
    openOn,
    log,
    close,
    rail: () => rail,
    reopen: async () => {
      rails.delete(rail)
      await rail.close()
      rail = await openOn(net.alice, { dataDir })
    },
    restartNode: async () => {
      await net.alice.kill()
      await net.alice.start()
    },
    silence: () => silenced(net.alice.processId()),
    customer: {
      nodeId: net.carol.nodeId,
      invoice: async (amountMsat) => {
        const amount = amountMsat === undefined ? {} : { mtokens: amountMsat.toString() }
        const { request, id } = await createInvoice({ lnd: net.carol.lnd, ...amount, description: 'payout' })
        return { invoice: request, paymentHash: id }
      },
      pay: (invoice) => payAs(net.carol, invoice),
      balanceMsat: () => channelMsat(net.carol),
    },
  }
}

/** What the channels of a node hold for it. */
export async function channelMsat({ lnd }: LndNode): Promise<bigint> {
  return BigInt((await getChannelBalance({ lnd })).channel_balance_mtokens ?? '0')
}

/** Pays as another node, with errors as everyone else throws them. */
export async function payAs({ lnd }: LndNode, request: string): Promise<{ preimage: string }> {
  try {
    // What failed in one test must not teach the payer of the next that there is no route.
    await deleteForwardingReputations({ lnd })
    const paid = await payViaPaymentRequest({ lnd, request, max_fee_mtokens: '100000', max_paths: 16 })
    return { preimage: paid.secret }
  } catch (error) {
    throw new Error(JSON.stringify(error))
  }
}
