import type { Hex } from '../../../gateway/ports/ids.ts'
import { mayContain } from '../node/bloom.ts'
import { byPlace, type Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Header, Log } from '../node/wire.ts'
import { addressTopic, STREAM_TOPICS, TOPIC } from './events.ts'
import { permitReferences } from './permits.ts'
import { byPosition, type Placed, type Scope, translateLogs } from './translate.ts'

type Reader = Readonly<{ chain: Chain; token: Hex; hub: Hex; log: RailLog }>

/**
 * The token's transfers and the hub's movements in one block, all of them, whomever they concern: one query, however many splits are
 * watched. A node's index of logs may lag behind its blocks, and then the answer is empty; where the block's bloom does not say so too, the
 * receipts are read.
 */
export async function logsOfBlock({ chain, token, hub, log }: Reader, block: Header): Promise<Log[]> {
  const topics = [STREAM_TOPICS.token, ...STREAM_TOPICS.hub]
  const found = await chain.logs({ address: [token, hub], topics: [topics], blockHash: block.hash })
  if (found.some(({ blockHash }) => blockHash !== block.hash)) throw new RpcSilent(`block ${block.number} has logs of another block`)
  if (found.length > 0 || !showsTrace(block, { token, hub })) return found
  const receipts = await Promise.all((await chain.transactionsIn(block.hash)).map((hash) => logsOf(chain, hash, block.hash)))
  const hidden = receipts.flat().filter(({ address, topics: [first] }) => (address === token || address === hub) && topics.includes(first!))
  if (hidden.length > 0)
    log('error', 'the index of logs lags behind the blocks; receipts are read instead', { block: block.number.toString() })
  return hidden.sort(byPlace)
}

/** False when the block's bloom proves that nothing of ours is in it, or there is no bloom. */
function showsTrace({ logsBloom }: Header, { token, hub }: Pick<Reader, 'token' | 'hub'>): boolean {
  if (!logsBloom) return false
  const has = (value: Hex) => mayContain(logsBloom, value)
  return (has(token) && has(STREAM_TOPICS.token)) || (has(hub) && STREAM_TOPICS.hub.some(has))
}

/** True when the log is about something in the scope, so that its transaction has to be looked at. */
export function concerns({ token, hub, operator, receivers, splits, wallet }: Scope): (log: Log) => boolean {
  const places = new Set<Hex>([...receivers.keys(), ...(wallet ? [operator] : [])].map(addressTopic))
  return ({ address, topics: [topic, first, second, third] }) => {
    if (address === token) return topic === TOPIC.transfer && places.has(second!)
    if (address !== hub) return false
    // A claim over many splits names them in its data.
    if (topic === TOPIC.claimedMany) return second === addressTopic(token)
    // The events of channels name the split behind the channel, and at the opening behind the payer too.
    const splitId = topic === TOPIC.opened ? third : topic === TOPIC.toppedUp || topic === TOPIC.withdrawn ? second : first
    return splits.has(splitId!)
  }
}

/** What these logs and their neighbours mean in the scope, by place. `times`: of the blocks that they are in, ms. */
export async function readTransactions(
  chain: Chain,
  scope: Scope,
  { named, times }: { named: readonly Log[]; times: ReadonlyMap<Hex, number> },
): Promise<Placed[]> {
  const blocks = new Map(named.map(({ transactionHash, blockHash }) => [transactionHash, blockHash]))
  const receipts = await Promise.all([...blocks].map(([hash, block]) => logsOf(chain, hash, block)))
  // A transaction at a time: what belongs together is found by neighbourhood of logs.
  const read = await Promise.all(receipts.map(async (logs) => ({ logs, permits: await permitReferences(chain, logs, scope.token) })))
  const at = ({ blockHash }: Log) => times.get(blockHash)!
  return read.flatMap(({ logs, permits }) => translateLogs(logs, { ...scope, permits }, at)).sort(byPosition)
}

/** When these blocks are, ms by their hash. */
export function timesOf(blocks: readonly Header[]): Map<Hex, number> {
  return new Map(blocks.map(({ hash, timestamp }) => [hash, Number(timestamp) * 1000])) // not money: a time
}

async function logsOf(chain: Chain, hash: Hex, block: Hex): Promise<Log[]> {
  const receipt = await chain.receipt(hash)
  if (receipt?.blockHash !== block) throw new RpcSilent(`transaction ${hash} moved while it was read`)
  return receipt.logs.sort(byPlace)
}
