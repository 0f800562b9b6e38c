import type { Hex } from '../../../gateway/ports/ids.ts'
import { byPlace, type Chain } from '../node/chain.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Log } from '../node/wire.ts'
import { addressTopic, TOPIC } from './events.ts'
import { type Placed, type Scope, translateLogs } from './translate.ts'

/** Topics a node takes in one query, well below what public nodes allow. */
const TOPICS_A_QUERY = 200

/** Everything in the scope in these blocks (inclusive), by its place; all of it or RpcSilent. */
export async function readBlocks(chain: Chain, scope: Scope, from: bigint, to: bigint): Promise<Placed[]> {
  const places: Hex[] = [...scope.receivers.keys(), ...(scope.wallet ? [scope.operator] : [])]
  const range = { fromBlock: from, toBlock: to }
  const queries = [
    ...inParts(places.map(addressTopic)).map((topics) =>
      chain.logs({ address: scope.token, topics: [[TOPIC.transfer], undefined, topics], ...range }),
    ),
    ...inParts([...scope.splits]).map((topics) =>
      chain.logs({
        address: scope.hub,
        topics: [[TOPIC.paid, TOPIC.swept, TOPIC.claimed, TOPIC.claimedTo, TOPIC.vouched], topics],
        ...range,
      }),
    ),
    // A claim over many splits names them in its data, where no query looks.
    chain.logs({ address: scope.hub, topics: [[TOPIC.claimedMany], undefined, [addressTopic(scope.token)]], ...range }),
    // The events of channels name the split behind the channel, and at the opening behind the payer too.
    ...inParts([...scope.splits]).flatMap((topics) => [
      chain.logs({ address: scope.hub, topics: [[TOPIC.toppedUp, TOPIC.withdrawn], undefined, topics], ...range }),
      chain.logs({ address: scope.hub, topics: [[TOPIC.opened], undefined, undefined, topics], ...range }),
    ]),
  ]
  const named = (await Promise.all(queries)).flat()
  const blocks = new Map<bigint, Hex>(named.map((log) => [log.blockNumber, log.blockHash]))
  const hashes = [...new Set(named.map((log) => log.transactionHash))]

  const [times, receipts] = await Promise.all([
    Promise.all([...blocks].map(([number, hash]) => timeOf(chain, number, hash))),
    Promise.all(hashes.map((hash) => logsOf(chain, hash, blocks))),
  ])
  const at = new Map(times)
  // A transaction at a time: what belongs together is found by neighbourhood of logs.
  return receipts
    .flatMap((logs) => translateLogs(logs, scope, (block) => at.get(block)!))
    .sort((a, b) =>
      a.position.block === b.position.block ? (a.position.index < b.position.index ? -1 : 1) : a.position.block < b.position.block ? -1 : 1,
    )
}

async function timeOf(chain: Chain, number: bigint, hash: Hex): Promise<[bigint, number]> {
  const block = await chain.header(number)
  if (block.hash !== hash) throw new RpcSilent(`block ${number} changed while it was read`)
  return [number, Number(block.timestamp) * 1000] // not money: a time
}

async function logsOf(chain: Chain, hash: Hex, blocks: ReadonlyMap<bigint, Hex>): Promise<Log[]> {
  const receipt = await chain.receipt(hash)
  if (!receipt || blocks.get(receipt.blockNumber) !== receipt.blockHash) throw new RpcSilent(`transaction ${hash} moved while it was read`)
  return receipt.logs.sort(byPlace)
}

function inParts<T>(all: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < all.length; from += TOPICS_A_QUERY) parts.push(all.slice(from, from + TOPICS_A_QUERY))
  return parts
}
