import type { Asset } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Chain } from '../node/chain.ts'
import type { Contracts } from '../node/contracts.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import type { TransactionTable } from '../sending/transactionTable.ts'
import { readBlocks } from './blockReader.ts'
import { BLOCK_END, isAfter, type Position } from './position.ts'
import { type Placed, type Scope, translateCost } from './translate.ts'
import type { Watched, WatchTable } from './watchTable.ts'

export type StreamParts = Readonly<{
  rail: EvmRailName
  /** What several endpoints say, where there are several: nothing is reported on the word of one. */
  agreed: Chain
  contracts: Contracts
  transactions: TransactionTable
  watch: WatchTable
  token: Hex
  hub: Hex
  operator: Hex
  asset: Asset
  gasAsset: Asset
  firstBlock: bigint
}>

const RANGE_BLOCKS = 2_000n

function scopeOf(parts: StreamParts, splits: readonly Watched[], wallet: boolean): Scope {
  const { rail, token, hub, operator, asset, gasAsset } = parts
  const receivers = new Map(splits.map(({ receiver, splitId }) => [receiver, splitId]))
  return { rail, token, hub, operator, asset, gasAsset, receivers, splits: new Set(splits.map(({ splitId }) => splitId)), wallet }
}

/** The past of splits that are new to the stream, up to where it stands. */
export async function readPast(parts: StreamParts, position: Position): Promise<{ items: Placed[]; splits: Hex[] }> {
  const fresh = parts.watch.all().filter((split) => !split.caughtUp)
  const items: Placed[] = []
  if (position.block >= parts.firstBlock) {
    for (const split of fresh) {
      const [pot, held] = await Promise.all([
        parts.contracts.pot(split.splitId, 'latest'),
        parts.contracts.balanceOf(split.receiver, 'latest'),
      ])
      // A receiver can only be emptied into the pot: both empty means that there is no past.
      if (pot.received === 0n && held === 0n) continue
      for (let from = parts.firstBlock; from <= position.block; from += RANGE_BLOCKS) {
        const past = await readBlocks(parts.agreed, scopeOf(parts, [split], false), from, smaller(from + RANGE_BLOCKS - 1n, position.block))
        items.push(...past.filter((item) => !isAfter(item.position, position)))
      }
    }
  }
  return { items, splits: fresh.map(({ splitId }) => splitId) }
}

/** The next blocks behind the position, up to the horizon: the chain’s movements and what our own transactions cost. */
export async function readOn(
  parts: StreamParts,
  position: Position,
  horizon: Header,
  signal: AbortSignal,
): Promise<{ items: Placed[]; end: Header }> {
  const from = position.index < BLOCK_END ? position.block : position.block + 1n
  const last = smaller(from + RANGE_BLOCKS - 1n, horizon.number)
  const end = last === horizon.number ? horizon : await parts.agreed.header(last)
  const caughtUp = parts.watch.all().filter((split) => split.caughtUp)
  const moved = await readBlocks(parts.agreed, scopeOf(parts, caughtUp, true), from, last)
  // The data file may be closed by now.
  if (signal.aborted) throw new RpcSilent('the stream has ended')
  const costs = parts.transactions.finalBetween(from, last).map((transaction) => translateCost(transaction, parts))
  const items = [...moved, ...costs].filter((item) => isAfter(item.position, position))
  items.sort((a, b) => (isAfter(a.position, b.position) ? 1 : -1))
  // While the horizon stands, so does all below it, and so do the rows of our own transactions, which were finished for it.
  if ((await parts.agreed.header(horizon.number)).hash !== horizon.hash) throw new RpcSilent(`block ${last} changed while it was read`)
  return { items, end }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
