import type { ChainBlock, ChainTip } from '../../adapters/lightning/embedded/ldk/chainSource.ts'
import { noRecord, type WorldRecord } from '../record.ts'
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
  /** Answers how to stop listening. */
  onBlock: (listener: () => void) => () => void
}>

/** What the chain was told: a transaction (hex); blocks mined at a time (Unix seconds); the last `depth` replaced. */
export type ChainStep =
  | Readonly<{ tx: string }>
  | Readonly<{ mine: number; timeS: number }>
  | Readonly<{ reorganise: number; forget: boolean; timeS: number }>

type ChainOptions = Readonly<{ minerScript: Uint8Array; onCoin: (coin: MinedCoin) => void; onCoinLost?: (txid: string) => void }>

/** `minerScript` gets each subsidy; `nowS` gives block times, which Lightning invoices are dated by. A chain with a record is the one that it tells. */
export function regtestChain(options: ChainOptions & Readonly<{ nowS: () => number; record?: WorldRecord<ChainStep> }>): RegtestChain {
  const record = options.record ?? noRecord<ChainStep>()
  const { blocks, mempool, tip, confirmations, mine, reorganise, resubmit } = createBranch(options)
  const listeners = new Set<() => void>()
  for (const step of record.rows) {
    if ('tx' in step) resubmit(Buffer.from(step.tx, 'hex'))
    else if ('mine' in step) mine(step.mine, step.timeS)
    else reorganise(step.reorganise, step.forget, step.timeS)
  }
  return {
    tip,
    reorganise: (depth, { forget }) => {
      if (depth < 1 || depth >= blocks.length) throw new Error(`there are no ${depth} blocks to replace`)
      const timeS = options.nowS()
      record.add({ reorganise: depth, forget, timeS })
      reorganise(depth, forget, timeS)
      for (const listener of listeners) listener()
    },
    blocksAfter: (after) => ({ tip: tip(), blocks: blocks.slice(after + 1, after + 1 + BLOCKS_PER_ANSWER) }),
    submit: (tx) => {
      // One that is refused is no step: it is not on record.
      const isNew = !mempool.knows(readTx(tx).waiting.txid)
      const txid = mempool.submit(tx)
      if (isNew) record.add({ tx: Buffer.from(tx).toString('hex') })
      return txid
    },
    waiting: mempool.size,
    confirmations,
    mine: (count) => {
      const timeS = options.nowS()
      record.add({ mine: count, timeS })
      mine(count, timeS)
      for (const listener of listeners) listener()
    },
    onBlock: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The blocks and what waits for the next. The same calls make the same blocks. */
function createBranch({ minerScript, onCoin, onCoinLost }: ChainOptions) {
  const blocks: ChainBlock[] = [{ height: 0, header: GENESIS_HEADER, txs: [] }]
  let branch = 0
  const minedAt = new Map<string, number>()
  const mempool = createMempool()

  function tip(): ChainTip {
    const last = blocks.at(-1)!
    return { height: last.height, hash: doubleSha256(last.header) }
  }

  function mineOne(timeS: number): void {
    const { height, hash } = tip()
    const ready = mempool.takeReady(height)
    const reward = coinbase(height + 1, minerScript, branch)
    const txids = [doubleSha256(reward), ...ready.map(({ txid }) => Buffer.from(txid, 'hex').reverse())]
    blocks.push({ height: height + 1, header: mineHeader(hash, txids, timeS), txs: [reward, ...ready.map(({ raw }) => raw)] })
    for (const { txid } of ready) minedAt.set(txid, height + 1)
    const coinId = txidOf(reward)
    mempool.addCoinbase(coinId)
    onCoin({ txid: coinId, sats: 5_000_000_000n })
  }

  function mine(count: number, timeS: number): void {
    for (let i = 0; i < count; i++) mineOne(timeS)
  }

  function reorganise(depth: number, forget: boolean, timeS: number): void {
    const replaced = blocks.splice(-depth)
    const back = replaced.flatMap(({ txs }) => txs.slice(1)).map((raw) => readTx(raw).waiting)
    for (const { txid } of back) minedAt.delete(txid)
    const lost = replaced.map(({ txs }) => txidOf(txs[0]!))
    for (const txid of lost) onCoinLost?.(txid)
    mempool.putBack(back, new Set([...lost, ...(forget ? back.map(({ txid }) => txid) : [])]))
    branch++
    mine(depth + 1, timeS)
  }

  function resubmit(raw: Uint8Array): void {
    mempool.submit(raw)
    for (const parent of readTx(raw).waiting.parents) onCoinLost?.(parent)
  }

  const confirmations = (txid: string): number | undefined =>
    mempool.knows(txid) ? tip().height + 1 - (minedAt.get(txid) ?? tip().height + 1) : undefined
  return { blocks, mempool, tip, confirmations, mine, reorganise, resubmit }
}

/** Of a transaction without witnesses, as our coinbases are. */
function txidOf(raw: Uint8Array): string {
  return doubleSha256(raw).reverse().toString('hex')
}
