import { Transaction } from '@scure/btc-signer'
import type { ChainBlock, ChainTip } from '../../adapters/lightning/embedded/chainSource.ts'
import { coinbase, doubleSha256, GENESIS_HEADER, mineHeader } from './block.ts'

/** Blocks one answer carries. */
const BLOCKS_PER_ANSWER = 200
const MEMPOOL_MAX = 1_000

/** Read anything a Lightning node signs; the scripts are its affair. */
const ANY_TX = { allowUnknownInputs: true, allowUnknownOutputs: true, allowUnknownVersion: true, disableScriptCheck: true } as const

/** An output that a coinbase paid to the miner's script. */
export type MinedCoin = Readonly<{ txid: string; sats: bigint }>

/** A bitcoin chain for tests: real headers, real merkle roots, no scripts run. */
export type RegtestChain = Readonly<{
  tip: () => ChainTip
  blocksAfter: (after: number) => Readonly<{ tip: ChainTip; blocks: readonly ChainBlock[] }>
  /** Takes a transaction into the mempool. Throws when it spends an output that another one spends. */
  submit: (tx: Uint8Array) => string
  waiting: () => number
  /** Mines `count` blocks now; the first takes all of the mempool that is not locked to a later height. */
  mine: (count: number) => void
  onBlock: (listener: () => void) => void
}>

type Waiting = Readonly<{ txid: string; raw: Uint8Array; lockTime: number }>

/** `minerScript` gets each subsidy; `nowS` gives block times, which Lightning invoices are dated by. */
export function regtestChain(options: { minerScript: Uint8Array; nowS: () => number; onCoin: (coin: MinedCoin) => void }): RegtestChain {
  const blocks: ChainBlock[] = [{ height: 0, header: GENESIS_HEADER, txs: [] }]
  const spentBy = new Map<string, string>()
  const known = new Set<string>()
  const listeners: (() => void)[] = []
  let mempool: Waiting[] = []

  const tip = (): ChainTip => {
    const last = blocks.at(-1)!
    return { height: last.height, hash: doubleSha256(last.header) }
  }
  const mineOne = () => {
    const { height, hash } = tip()
    const ready = mempool.filter(({ lockTime }) => lockTime <= height)
    mempool = mempool.filter(({ lockTime }) => lockTime > height)
    const reward = coinbase(height + 1, options.minerScript)
    const txids = [doubleSha256(reward), ...ready.map(({ txid }) => Buffer.from(txid, 'hex').reverse())]
    blocks.push({ height: height + 1, header: mineHeader(hash, txids, options.nowS()), txs: [reward, ...ready.map(({ raw }) => raw)] })
    options.onCoin({ txid: Buffer.from(txids[0]!).reverse().toString('hex'), sats: 5_000_000_000n })
  }
  return {
    tip,
    blocksAfter: (after) => ({ tip: tip(), blocks: blocks.slice(after + 1, after + 1 + BLOCKS_PER_ANSWER) }),
    submit: (raw) => {
      const tx = Transaction.fromRaw(raw, ANY_TX)
      if (known.has(tx.id)) return tx.id
      if (mempool.length >= MEMPOOL_MAX) throw new Error('the mempool is full')
      const inputs = Array.from({ length: tx.inputsLength }, (_, i) => tx.getInput(i))
      const coins = inputs.map((input) => `${Buffer.from(input.txid ?? []).toString('hex')}:${input.index}`)
      const conflict = coins.find((coin) => spentBy.has(coin))
      if (conflict) throw new Error(`output ${conflict} is spent by ${spentBy.get(conflict)}`)
      for (const coin of coins) spentBy.set(coin, tx.id)
      known.add(tx.id)
      // A lock time counts only where an input is not final, and above 500 million it is a time, which has passed here.
      const locked = tx.lockTime < 500_000_000 && inputs.some((input) => input.sequence !== 0xffffffff)
      mempool.push({ txid: tx.id, raw, lockTime: locked ? tx.lockTime : 0 })
      return tx.id
    },
    waiting: () => mempool.length,
    mine: (count) => {
      for (let i = 0; i < count; i++) mineOne()
      for (const listener of listeners) listener()
    },
    onBlock: (listener) => {
      listeners.push(listener)
    },
  }
}
