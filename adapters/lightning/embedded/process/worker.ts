import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { lockBlocksMax } from '../../lockLimit.ts'
import { type FollowedChain, httpChain } from '../ldk/httpChain.ts'
import { openNodeStore } from '../ldk/nodeStore.ts'
import { keepRouting } from '../ldk/routingMemory.ts'
import { type LightningNode, openLightningNode } from '../node/lightningNode.ts'
import { keepConnected } from '../node/peerLink.ts'
import { pendingSince } from '../payments/attempts.ts'
import { markStale, refuseStale } from '../staleCopy.ts'
import { callTable } from './answerCall.ts'
import { mustRecycle } from './memoryLimit.ts'
import type { CallError, FromWorker, ToWorker, WorkerStart } from './nodeCalls.ts'

/** How long a start waits for the peer and its channels before it says ready without them. */
const CHANNELS_WAIT_MS = 5_000
/** Between two looks at a chain that moves, and after one that did not answer. */
const [CHAIN_PAUSE_MS, CHAIN_RETRY_MS] = [20, 200]
const RECYCLE_CHECK_MS = 500
/** How long payments are waited for that began so shortly before; older ones wait for their payee, and go on in the next process. */
const DRAIN_MS_MAX = 2_000

// The parent ends this process by closing the channel; a terminal's Ctrl-C reaches the whole group and is the parent's to handle.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => {})
process.on('SIGTERM', () => process.exit(0))
// The file holds the node's keys.
process.umask(0o077)

/** What a test has put the parent's clock forward by; it never goes back. */
let aheadMs = 0
const now = () => Date.now() + aheadMs
const begun = Promise.withResolvers<WorkerStart>()
const running = begun.promise.then(start)

process.on('message', (message: ToWorker) => {
  if (message.kind !== 'call') aheadMs = Math.max(aheadMs, message.now - Date.now())
  if (message.kind === 'start') begun.resolve(message.start)
  else if (message.kind === 'call') running.then(({ answer }) => answer(message))
})

running.catch((error: unknown) => {
  const refusal: FromWorker = { kind: 'refused', error: plainError(error) }
  process.send?.(refusal, undefined, undefined, () => process.exit(1))
})

type Call = Extract<ToWorker, { kind: 'call' }>

async function start(options: WorkerStart): Promise<{ answer: (call: Call) => void }> {
  refuseStale(options.dataDir, options.peer)
  const chain = httpChain(options.chainUrl)
  const store = openNodeStore(join(options.dataDir, 'node.db'))
  const node = await openLightningNode({
    store,
    chain,
    alias: 'switchyard',
    now,
    dustExposureMsatMax: options.dustExposureMsatMax,
    lockBlocksMax,
    log: (line) => console.error(line),
    fallenBehind: () => markStale(options.dataDir, 'a peer has proved that a channel went on after it'),
  })
  node.onNews(({ received, closed }) => {
    if (received) tell({ kind: 'received' })
    if (closed.length > 0) tell({ kind: 'closed', reasons: closed })
  })
  keepConnected(node, options.peer)
  followChain(node, chain)
  await channelsUsable(node)
  tell({ kind: 'ready', nodeId: node.nodeId })
  recycleWhenLarge(node, options.externalBytesMax)
  const table = callTable(node)
  return { answer: (call) => answerTo(call, table) }
}

async function answerTo(call: Call, table: ReturnType<typeof callTable>): Promise<void> {
  try {
    // The parent's typed `call` is the only sender, so name and parameters belong together.
    const method = table[call.name] as (params: unknown) => Promise<unknown>
    tell({ kind: 'answer', id: call.id, value: await method(call.params) })
  } catch (error) {
    tell({ kind: 'error', id: call.id, error: plainError(error) })
    // A broken invariant means that memory cannot be trusted; the file can.
    if (!isGatewayError(error)) throw error
  }
}

async function followChain(node: LightningNode, chain: FollowedChain): Promise<never> {
  for (;;) {
    try {
      await node.syncChain()
      await chain.changed(node.manager.current_best_block().get_block_hash())
    } catch (error) {
      if (!isGatewayError(error, 'rail_unavailable')) throw error
      await sleep(CHAIN_RETRY_MS)
    }
    await sleep(CHAIN_PAUSE_MS)
  }
}

/** A node with channels waits for one to be usable, so that its first answers are not "no route". */
async function channelsUsable(node: LightningNode): Promise<void> {
  const deadline = performance.now() + CHANNELS_WAIT_MS
  while (node.manager.list_channels().length > 0 && node.manager.list_usable_channels().length === 0) {
    if (performance.now() > deadline) return
    await sleep(10)
  }
}

/**
 * Ends this process when its memory has grown too far: all of it is in the file. The parent, told before, keeps what it asks until the next process
 * is ready, and asks the rest again.
 */
function recycleWhenLarge(node: LightningNode, max: number): void {
  const begunWith = process.memoryUsage().external
  const timer = setInterval(async () => {
    if (!mustRecycle({ begunWith, now: process.memoryUsage().external, max })) return
    clearInterval(timer)
    const recycling: FromWorker = { kind: 'recycling' }
    // The parent must have it before it sees the process end.
    await new Promise((told) => process.send?.(recycling, undefined, undefined, told))
    await drained(node)
    keepRouting(node.store, node.parts)
    await node.pump.committed()
    process.exit(0)
  }, RECYCLE_CHECK_MS)
}

/** An HTLC that the peer has not committed to is given up by LDK when the process ends, which costs a payment that could have gone through. */
async function drained(node: LightningNode): Promise<void> {
  const begun = node.now()
  while (pendingSince(node.store, begun - DRAIN_MS_MAX) > 0n && node.now() - begun < DRAIN_MS_MAX) await sleep(10)
}

/** The parent may be gone before it could say so; then there is nobody to tell, and `disconnect` ends this process. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

function plainError(error: unknown): CallError {
  if (isGatewayError(error)) return { code: error.code, message: error.shortMessage, hint: error.hint, meta: error.meta }
  return { code: undefined, message: error instanceof Error ? error.message : String(error), hint: undefined, meta: {} }
}
