import { Transaction } from '@scure/btc-signer'

const MEMPOOL_MAX = 1_000

/** Read anything a Lightning node signs; the scripts are its affair. */
const ANY_TX = { allowUnknownInputs: true, allowUnknownOutputs: true, allowUnknownVersion: true, disableScriptCheck: true } as const

/** A transaction that waits for a block. It may be in one above `lockTime`; `parents` are the transactions whose outputs it spends. */
type Waiting = Readonly<{ txid: string; raw: Uint8Array; lockTime: number; parents: readonly string[] }>

/** The transactions that wait for a block, and the coins that are spent by what is known, mined or not. */
export function createMempool() {
  const spentBy = new Map<string, string>()
  const known = new Set<string>()
  let waiting: Waiting[] = []

  function forget(txid: string): void {
    known.delete(txid)
    for (const [coin, by] of spentBy) if (by === txid) spentBy.delete(coin)
  }

  return {
    size: () => waiting.length,
    /** True of what waits and of what was mined. */
    knows: (txid: string): boolean => known.has(txid),
    /** Its output may be spent. */
    addCoinbase(txid: string): void {
      known.add(txid)
    },
    /** Throws when it spends an output that another one spends, or one that does not exist. */
    submit(raw: Uint8Array): string {
      const read = readTx(raw)
      const { txid } = read.waiting
      if (known.has(txid)) return txid
      if (waiting.length >= MEMPOOL_MAX) throw new Error('the mempool is full')
      const conflict = read.coins.find((coin) => spentBy.has(coin))
      if (conflict) throw new Error(`output ${conflict} is spent by ${spentBy.get(conflict)}`)
      const orphanOf = read.waiting.parents.find((parent) => !known.has(parent))
      if (orphanOf) throw new Error(`there is no transaction ${orphanOf}`)
      for (const coin of read.coins) spentBy.set(coin, txid)
      known.add(txid)
      waiting.push(read.waiting)
      return read.waiting.txid
    },
    /** Takes out all that may be in the block above this height. */
    takeReady(height: number): Waiting[] {
      const ready = waiting.filter(({ lockTime }) => lockTime <= height)
      waiting = waiting.filter(({ lockTime }) => lockTime > height)
      return ready
    },
    /** These wait again, before all others; `gone` are forgotten, and so is what was built on them. */
    putBack(back: readonly Waiting[], gone: ReadonlySet<string>): void {
      const forgotten = new Set(gone)
      waiting = [...back, ...waiting].filter((tx) => {
        if (tx.parents.some((parent) => forgotten.has(parent))) forgotten.add(tx.txid)
        return !forgotten.has(tx.txid)
      })
      for (const txid of forgotten) forget(txid)
    },
  }
}

/** What a transaction spends, as `txid:index`, and how it waits. */
export function readTx(raw: Uint8Array): { waiting: Waiting; coins: readonly string[] } {
  const tx = Transaction.fromRaw(raw, ANY_TX)
  const inputs = Array.from({ length: tx.inputsLength }, (_, i) => tx.getInput(i))
  const parents = inputs.map(({ txid }) => Buffer.from(txid ?? []).toString('hex'))
  // A lock time counts only where an input is not final, and above 500 million it is a time, which has passed here.
  const locked = tx.lockTime < 500_000_000 && inputs.some((input) => input.sequence !== 0xffffffff)
  return {
    waiting: { txid: tx.id, raw, lockTime: locked ? tx.lockTime : 0, parents },
    coins: inputs.map(({ index }, i) => `${parents[i]}:${index}`),
  }
}
