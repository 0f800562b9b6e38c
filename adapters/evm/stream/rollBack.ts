import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Header } from '../node/wire.ts'
import type { Store } from '../sending/store.ts'
import type { PassedBlock, PassedTable } from './passedTable.ts'
import { BLOCK_END, type Position } from './position.ts'
import type { ReportTable } from './reportTable.ts'
import type { StrangeTable } from './strangeTable.ts'

export type RollBackParts = Readonly<{
  agreed: Chain
  store: Store
  passed: PassedTable
  reports: ReportTable
  strange: Pick<StrangeTable, 'takeBack'>
  log: RailLog
  /** Of the tracker: the chain has the same blocks while it says the same. */
  settled: () => string | undefined
}>

/**
 * Compares the blocks that the stream passed with the chain. Where one was replaced, what was reported from replaced blocks is marked to be
 * taken back, durably, and the stream goes back behind the last block that stands. Only another block at the same height proves it: a
 * block that is not there may be unknown to a node that lags.
 */
export function createRollBack(parts: RollBackParts): (position: Position, horizon: Header) => Promise<Position> {
  let compared: string | undefined
  return async (position, horizon) => {
    const chain = parts.settled()
    if (chain !== undefined && chain === compared) return position
    const reached = await rollBack(parts, position, horizon)
    compared = chain
    return reached
  }
}

async function rollBack(parts: RollBackParts, position: Position, horizon: Header): Promise<Position> {
  const { agreed, store, passed, reports, strange, log } = parts
  const [newest] = passed.blocks(horizon.number, 1)
  if (!newest) {
    // A stream that begins: what it is compared with later needs a first block.
    const first = position.block < 0n ? 0n : position.block
    if (first <= horizon.number) passed.anchor(await agreed.header(first))
    return position
  }
  if (await stands(agreed, newest)) return position
  const standing = await lastStanding(agreed, passed.blocks(horizon.number))
  if (!standing) throw new Error('the chain replaced more blocks than are remembered: this data file cannot follow it')
  const replaced: PassedBlock[] = []
  for (const block of reports.blocksAbove(standing.number)) {
    // Above the horizon every block descends from a replaced one.
    if (block.number > horizon.number || !(await stands(agreed, block))) replaced.push(block)
  }
  const items = store.transact(() => {
    passed.forget(standing.number)
    strange.takeBack(standing.number)
    return reports.takeBack(replaced, standing.number)
  })
  const from = standing.number.toString()
  log('error', 'the chain replaced blocks below the finality depth; what was reported from them is taken back', { from, items })
  return standing.number < position.block ? { block: standing.number, index: BLOCK_END } : position
}

async function stands(agreed: Chain, { number, hash }: PassedBlock): Promise<boolean> {
  return (await agreed.header(number)).hash === hash
}

/** The newest that stands; all before a standing block stand too, so halving finds it. Newest first. */
async function lastStanding(agreed: Chain, blocks: readonly PassedBlock[]): Promise<PassedBlock | undefined> {
  // Invariant: blocks[low - 1] is replaced, blocks[high] stands or is the end.
  let low = 1
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (await stands(agreed, blocks[middle]!)) high = middle
    else low = middle + 1
  }
  return blocks[low]
}
