import type { Asset } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Chain } from '../node/chain.ts'
import type { Contracts } from '../node/contracts.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import type { TransactionTable } from '../sending/transactionTable.ts'
import { concerns, logsOfBlock, readTransactions, timesOf } from './blockReader.ts'
import type { Closing } from './closing.ts'
import { BLOCK_END, isAfter, type Position } from './position.ts'
import type { SecondWord } from './secondWord.ts'
import type { StrangeTable } from './strangeTable.ts'
import { byPosition, type Placed, type Scope, translateCost } from './translate.ts'
import type { Watched, WatchTable } from './watchTable.ts'

export type StreamParts = Readonly<{
  rail: EvmRailName
  /** What several endpoints say, where there are several: nothing is reported on the word of one. */
  agreed: Chain
  agreedContracts: Contracts
  transactions: TransactionTable
  watch: WatchTable
  token: Hex
  hub: Hex
  operator: Hex
  asset: Asset
  gasAsset: Asset
  firstBlock: bigint
  strange: StrangeTable
  log: RailLog
}>

/** Read at a time, each by its hash. */
const RANGE_BLOCKS = 100n

/** `payouts` is given where transfers into the wallet are in question. */
export function scopeOf(parts: StreamParts, splits: readonly Watched[], payouts?: ReadonlyMap<Hex, string>): Scope {
  const { rail, token, hub, operator, asset, gasAsset } = parts
  const receivers = new Map(splits.map(({ receiver, splitId }) => [receiver, splitId]))
  const of = { rail, token, hub, operator, asset, gasAsset, receivers, splits: new Set(splits.map(({ splitId }) => splitId)) }
  return { ...of, wallet: payouts !== undefined, payouts: payouts ?? new Map() }
}

type Ahead = Readonly<{ position: Position; horizon: Header; splits: readonly Watched[]; signal: AbortSignal }>

/**
 * The next blocks behind the position, up to the horizon: the chain's movements and what our own transactions cost. `back`: what was read
 * since then does not add up to the balances, so the stream has to go back to there.
 */
export async function readOn(
  parts: StreamParts & Readonly<{ closing: Closing; secondWord: SecondWord }>,
  { position, horizon, splits, signal }: Ahead,
): Promise<{ items: Placed[]; end: Header } | { back: Position }> {
  const { agreed, closing } = parts
  const from = position.index < BLOCK_END ? position.block : position.block + 1n
  const last = from + RANGE_BLOCKS - 1n < horizon.number ? from + RANGE_BLOCKS - 1n : horizon.number
  const sent = parts.transactions.finalBetween(from, last)
  const numbers = Array.from({ length: Number(last - from) + 1 }, (_, i) => from + BigInt(i)) // not money: a count of blocks
  const blocks = await Promise.all(numbers.map((number) => (number === horizon.number ? horizon : agreed.header(number))))
  const logs = (await Promise.all(blocks.map((block) => logsOfBlock({ ...parts, chain: agreed }, block)))).flat()
  const payouts = new Map(sent.flatMap(({ hash, actionIds: [id, other] }) => (id === undefined || other !== undefined ? [] : [[hash, id]])))
  const scope = scopeOf(parts, splits, payouts)
  const times = timesOf(blocks)
  const moved = await readTransactions(agreed, scope, { named: logs.filter(concerns(scope)), times })
  const fresh = moved.filter((item) => isAfter(item.position, position))
  await parts.secondWord.require(fresh)
  const gap = await closing.check(logs, { from: from - 1n, to: last, horizon })
  if (signal.aborted) throw new RpcSilent('the stream has ended')
  // While the horizon stands, so does all below it, and so do the rows of our own transactions, which were finished for it.
  if ((await agreed.header(horizon.number)).hash !== horizon.hash) throw new RpcSilent(`block ${last} changed while it was read`)
  if (gap) {
    const range = `${gap.from + 1n} to ${last}`
    parts.log('error', 'a balance did not change by what the logs tell; the blocks are read again', { place: gap.place, blocks: range })
    return { back: { block: gap.from, index: BLOCK_END } }
  }
  parts.strange.add(logs, times)
  const costs = sent.map((transaction) => translateCost(transaction, parts))
  const items = [...fresh, ...costs.filter((item) => isAfter(item.position, position))].sort(byPosition)
  return { items, end: blocks.at(-1)! }
}
