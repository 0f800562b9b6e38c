import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../gateway/money/asset.ts'
import type { Money } from '../../../gateway/money/money.ts'
import type { ChainWallet } from '../../../gateway/ports/chainWallet.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { HoldInvoices } from '../../../gateway/ports/holdInvoices.ts'
import type { LightningNode } from '../../../gateway/ports/lightningNode.ts'
import type { Receiver, Settlement } from '../../../gateway/ports/receiver.ts'
import type { ReusableOffers } from '../../../gateway/ports/reusableOffers.ts'
import type { Destination, Sender } from '../../../gateway/ports/sender.ts'
import type { Statement } from '../../../gateway/ports/statement.ts'
import { chainWallet } from './chainWallet.ts'
import { checkAmount, checkDestination } from './checkDestination.ts'
import { holdInvoices } from './holdInvoices.ts'
import { NETWORK, refuseOtherNetworks } from './ldk/httpChain.ts'
import { DUST_EXPOSURE_MSAT_MAX } from './payments/dustExposure.ts'
import { EXTERNAL_BYTES_MAX } from './process/memoryLimit.ts'
import type { NodeStatus } from './process/nodeCalls.ts'
import { openWorkerLink, type WorkerLink, type WorkerRuns } from './process/workerLink.ts'
import { refuseStale } from './staleCopy.ts'
import { estimateOf, outcomeOf, payeeOf, railBalancesOf, settlementOf, unknownOutcome } from './translate.ts'

const CALL_DEADLINE_MS = 5_000
/** How long `send` waits for an end; after it the payment is looked up. */
const SEND_DEADLINE_MS = 30_000
const EVENTS_PER_CALL = 100n
const RETRY_MS = 500

type LightningRailOptions = Readonly<{
  /** Keys, channels and payments live here; losing it loses the money. Made when it is missing. */
  dataDir: string
  chainUrl: string
  /** The one node we connect to; it opens channels to us, so that no commitment fee comes out of our side. */
  peer: Readonly<{ nodeId: string; host: string; port: number }>
  /** Bitcoin in msat. */
  asset: Asset
  clock: Clock
  log?: (line: string) => void
  /** All that may be under way to the peer in HTLCs too small for an output of their own; 25,000 satoshi when absent. */
  dustExposureMsatMax?: bigint
  /** WebAssembly memory, in bytes, at which the node's process makes way for a new one; 512 MB when absent. */
  externalBytesMax?: number
  /** As the operator configured it; anything but regtest is refused. */
  network?: string
}>

export type LightningRail = Receiver &
  Sender &
  Statement &
  LightningNode &
  ReusableOffers &
  Readonly<{
    rail: 'lightning'
    nodeId: string
    holds: HoldInvoices
    wallet: ChainWallet
    /** The node's own word about channels, memory and CPU. Throws `rail_unavailable`. */
    status: () => Promise<NodeStatus & WorkerRuns>
    /** Sends probes to a payee, which nobody can take, and answers how many paths they went; their ends are in `status`. Throws `rail_unavailable`. */
    probe: (destination: Destination, amount: Money) => Promise<number>
    /** Closes one of its channels, together with the peer or by force; what it held comes to the wallet. Throws `not_found` or `rail_unavailable`. */
    closeChannel: (channelId: string, o: { force: boolean }) => Promise<void>
    /** The process the node runs in now, undefined between two. */
    processId: () => number | undefined
    close: () => Promise<void>
  }>

/** Opens the embedded Lightning node in its own process. Throws `unsafe_configuration`, or `rail_unavailable`, also for an older copy. */
export async function openLightningRail(options: LightningRailOptions): Promise<LightningRail> {
  refuseOtherNetworks(options.network ?? NETWORK)
  const { dataDir, chainUrl, peer, asset, clock } = options
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  refuseStale(dataDir, peer)
  const link = await openWorkerLink(
    {
      dataDir,
      chainUrl,
      peer,
      externalBytesMax: options.externalBytesMax ?? EXTERNAL_BYTES_MAX,
      dustExposureMsatMax: options.dustExposureMsatMax ?? DUST_EXPOSURE_MSAT_MAX,
    },
    { clock, log: options.log ?? (() => {}) },
  )
  const statement: Statement = {
    balances: async () => railBalancesOf(await link.call('balance', undefined, CALL_DEADLINE_MS), asset, clock.now()),
  }
  return {
    ...receiver(link, asset),
    ...sender(link, asset, clock),
    ...statement,
    rail: 'lightning',
    nodeId: link.nodeId,
    holds: holdInvoices(link, asset, clock),
    wallet: chainWallet(link, asset),
    status: async () => ({ ...(await link.call('status', undefined, CALL_DEADLINE_MS)), ...link.runs() }),
    report: async () => {
      const report = await link.call('report', undefined, CALL_DEADLINE_MS)
      return { ...report, ownProcess: { ...report.ownProcess, ...link.runs() } }
    },
    reusableOffer: (name) => link.call('reusableOffer', { name }, CALL_DEADLINE_MS),
    probe: (destination, amount) => {
      const payee = payeeOf(destination)
      invariant(payee && sameAsset(amount.asset, asset), 'what is probed can be paid in bitcoin')
      return link.call('probe', { payee, amountMsat: amount.units }, CALL_DEADLINE_MS)
    },
    closeChannel: (channelId, { force }) => link.call('closeChannel', { channelId, force }, CALL_DEADLINE_MS),
    processId: link.processId,
    close: link.close,
  }
}

function receiver(link: WorkerLink, asset: Asset): Receiver {
  return {
    rail: 'lightning',
    asset,
    offer: async ({ amount, expiresAt, description, descriptionHash }) => {
      invariant(sameAsset(amount.asset, asset), 'a Lightning offer is in bitcoin')
      const wanted = { amountMsat: amount.units, description, descriptionHash: descriptionHash?.slice(2), expiresAt }
      const { invoice, paymentHash } = await link.call('createInvoice', wanted, CALL_DEADLINE_MS)
      return {
        rail: 'lightning',
        amount,
        expiresAt,
        reference: paymentHash,
        wire: { kind: 'bolt11', invoice, paymentHash, network: NETWORK },
      }
    },
    settlements: (after, { signal }) => settlements(link, asset, after, signal),
  }
}

async function* settlements(link: WorkerLink, asset: Asset, after: string, signal: AbortSignal): AsyncGenerator<Settlement> {
  invariant(/^\d{0,18}$/.test(after), 'a cursor of this rail is a sequence number')
  let seq = BigInt(after)
  while (!signal.aborted) {
    // Taken before reading, so that news between the two is not lost.
    const news = nextNews(link, signal)
    const events = await readEvents(link, seq)
    for (const event of events ?? []) {
      if (signal.aborted) break
      yield settlementOf(event, asset)
      seq = event.seq
    }
    if (events === undefined) await Promise.race([news.arrived, sleep(RETRY_MS, undefined, { ref: false })])
    else if (events.length === 0) await news.arrived
    news.forget()
  }
}

/** Undefined while the worker is down or too slow. */
async function readEvents(link: WorkerLink, after: bigint) {
  try {
    return await link.call('events', { after, limit: EVENTS_PER_CALL }, CALL_DEADLINE_MS)
  } catch (error) {
    if (isGatewayError(error, 'rail_unavailable')) return undefined
    throw error
  }
}

function nextNews(link: WorkerLink, signal: AbortSignal): { arrived: Promise<void>; forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const stop = link.onReceived(wake)
  signal.addEventListener('abort', wake)
  const forget = () => {
    stop()
    signal.removeEventListener('abort', wake)
  }
  return { arrived: promise, forget }
}

function sender(link: WorkerLink, asset: Asset, clock: Clock): Sender {
  const check: Sender['check'] = (destination) => checkDestination(destination, { nodeId: link.nodeId, now: clock.now() })
  const lookup: Sender['lookup'] = async (id) => {
    try {
      const { attempt, carried } = await link.call('lookup', { id }, CALL_DEADLINE_MS)
      if (!attempt) return { kind: 'failed', reason: 'never_sent', detail: 'the node has no record of this attempt' }
      return outcomeOf(attempt, asset, carried)
    } catch (error) {
      return unknownOutcome(messageOf(error))
    }
  }
  return {
    rail: 'lightning',
    asset,
    serves: ['lightning_invoice', 'lightning_offer', 'lightning_node'],
    feesComeBy: 'outcome',
    check,
    owns: (destination) =>
      destination.kind === 'lightning_node' && destination.nodeId === link.nodeId ? 'our own Lightning node' : undefined,
    estimate: async ({ amount, destination }) => {
      invariant(sameAsset(amount.asset, asset), 'a Lightning estimate is in bitcoin')
      const refused = check(destination) ?? checkAmount(destination, amount.units)
      const payee = payeeOf(destination)
      if (refused !== undefined || !payee) return { kind: 'impossible', reason: 'invalid_destination', detail: refused ?? 'not served' }
      // A node that is away throws: that is no answer, and no refusal.
      return estimateOf(await link.call('quote', { payee, amountMsat: amount.units }, CALL_DEADLINE_MS), amount.units, asset)
    },
    send: async ({ id, amount, feeMax, destination, changed }, { signal, acknowledged }) => {
      invariant(sameAsset(amount.asset, asset) && sameAsset(feeMax.asset, asset), 'a Lightning attempt is in bitcoin')
      const refused = check(destination) ?? checkAmount(destination, amount.units)
      const payee = payeeOf(destination)
      if (refused !== undefined || !payee) {
        // An attempt that was begun is followed, and not judged again: its invoice may have expired since.
        const known = await lookup(id)
        const never = known.kind === 'failed' && known.reason === 'never_sent'
        return never ? { kind: 'failed', reason: 'invalid_destination', detail: refused ?? 'not served' } : known
      }
      if (signal.aborted) return unknownOutcome('the caller stopped waiting before it was sent')
      try {
        const moreParts = changed?.includes('more_parts') ?? false
        const order = { id, payee, amountMsat: amount.units, feeMaxMsat: feeMax.units, moreParts }
        const sent = link.call('send', order, SEND_DEADLINE_MS)
        // The node takes calls in their order, so it has the attempt when it finds it, and answers when that is durable.
        if (acknowledged)
          link.call('lookup', { id }, CALL_DEADLINE_MS).then(
            ({ attempt }) => attempt && acknowledged(),
            () => undefined,
          )
        return outcomeOf(await unlessAborted(sent, signal), asset)
      } catch (error) {
        return unknownOutcome(messageOf(error))
      }
    },
    lookup,
  }
}

/** Stops waiting, not the payment: what the caller gave up on is looked up later. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('the caller stopped waiting'))
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function messageOf(error: unknown): string {
  return isGatewayError(error) ? error.shortMessage : error instanceof Error ? error.message : String(error)
}
