import type { ChainBlock, ChainTip } from '../../adapters/lightning/embedded/ldk/chainSource.ts'
import { coinbase, doubleSha256, GENESIS_HEADER, mineHeader } from './block.ts'
import { createMempool, readTx } from './mempool.ts'

/** Blocks one answer carries. */
const BLOCKS_PER_ANSWER = 200

/** An output that a coinbase paid to the miner's script. */
export type MinedCoin = Readonly<{ txid: string; sats: bigint }>

/** A bitcoin chain for tests: real headers, real merkle roots, no scripts run. */
export type RegtestChain = Readonly<{
  tip: () => ChainTip
  blocksAfter: (after: number) => Readonly<{ tip: ChainTip; blocks: readonly ChainBlock[] }>
  /** Takes a transaction into the mempool. Throws when it spends an output that another one spends, or one that does not exist. */
  submit: (tx: Uint8Array) => string
  waiting: () => number
  /** Blocks from the one that holds the transaction to the tip, both counted; 0 in the mempool, undefined for one that the chain does not know. */
  confirmations: (txid: string) => number | undefined
  /** Mines `count` blocks now; the first takes all of the mempool that is not locked to a later height. */
  mine: (count: number) => void
  /**
   * Replaces the last `depth` blocks by one more than that. Their transactions go back to the mempool and so into the new blocks; with `forget` they
   * are gone, as if another spend of their coins had won, and so is what was built on them.
   */
  reorganise: (depth: number, o: { forget: boolean }) => void
  onBlock: (listener: () => void) => void
}>

/** `minerScript` gets each subsidy; `nowS` gives block times, which Lightning invoices are dated by. */
export function regtestChain(options: {
  minerScript: Uint8Array
  nowS: () => number
  onCoin: (coin: MinedCoin) => void
  onCoinLost?: (txid: string) => void
}): RegtestChain {
  const blocks: ChainBlock[] = [{ height: 0, header: GENESIS_HEADER, txs: [] }]
  let branch = 0
  const minedAt = new Map<string, number>()
  const listeners: (() => void)[] = []
  const mempool = createMempool()

  const tip = (): ChainTip => {
    const last = blocks.at(-1)!
    return { height: last.height, hash: doubleSha256(last.header) }
  }
  const mineOne = () => {
    const { height, hash } = tip()
    const ready = mempool.takeReady(height)
    const reward = coinbase(height + 1, options.minerScript, branch)
    const txids = [doubleSha256(reward), ...ready.map(({ txid }) => Buffer.from(txid, 'hex').reverse())]
    blocks.push({ height: height + 1, header: mineHeader(hash, txids, options.nowS()), txs: [reward, ...ready.map(({ raw }) => raw)] })
    for (const { txid } of ready) minedAt.set(txid, height + 1)
    const coinId = txidOf(reward)
    mempool.addCoinbase(coinId)
    options.onCoin({ txid: coinId, sats: 5_000_000_000n })
  }
  const reorganise: RegtestChain['reorganise'] = (depth, { forget }) => {
    if (depth < 1 || depth >= blocks.length) throw new Error(`there are no ${depth} blocks to replace`)
    const replaced = blocks.splice(-depth)
    const back = replaced.flatMap(({ txs }) => txs.slice(1)).map((raw) => readTx(raw).waiting)
    for (const { txid } of back) minedAt.delete(txid)
    const lost = replaced.map(({ txs }) => txidOf(txs[0]!))
    for (const txid of lost) options.onCoinLost?.(txid)
    mempool.putBack(back, new Set([...lost, ...(forget ? back.map(({ txid }) => txid) : [])]))
    branch++
    for (let i = 0; i <= depth; i++) mineOne()
    for (const listener of listeners) listener()
  }
  return {
    tip,
    reorganise,
    blocksAfter: (after) => ({ tip: tip(), blocks: blocks.slice(after + 1, after + 1 + BLOCKS_PER_ANSWER) }),
    submit: mempool.submit,
    waiting: mempool.size,
    confirmations: (txid) => (mempool.knows(txid) ? tip().height + 1 - (minedAt.get(txid) ?? tip().height + 1) : undefined),
    mine: (count) => {
      for (let i = 0; i < count; i++) mineOne()
      for (const listener of listeners) listener()
    },
    onBlock: (listener) => {
      listeners.push(listener)
    },
  }
}

/** Of a transaction without witnesses, as our coinbases are. */
function txidOf(raw: Uint8Array): string {
  return doubleSha256(raw).reverse().toString('hex')
}
