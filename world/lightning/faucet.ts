import { randomBytes } from 'node:crypto'
import { p2wpkh, Transaction } from '@scure/btc-signer'
import { pubECDSA } from '@scure/btc-signer/utils.js'
import type { MinedCoin } from './regtestChain.ts'

const FEE_SATS = 1_000n

/** The miner's wallet, of a new key unless one is given: spends one coinbase a transaction and forgets the change, because the next block brings another. */
export type Faucet = Readonly<{
  script: Uint8Array
  take: (coin: MinedCoin) => void
  /** Forgets a coin whose block the chain has replaced. */
  lose: (txid: string) => void
  /** A signed transaction that pays `sats` to `script`. Throws when no coin is large enough. */
  fund: (script: Uint8Array, sats: bigint) => Uint8Array
}>

export function faucet(key: Uint8Array = randomBytes(32)): Faucet {
  const wallet = p2wpkh(pubECDSA(key))
  const coins: MinedCoin[] = []
  return {
    script: wallet.script,
    take: (coin) => {
      coins.push(coin)
    },
    lose: (txid) => {
      const at = coins.findIndex((coin) => coin.txid === txid)
      if (at >= 0) coins.splice(at, 1)
    },
    fund: (script, sats) => {
      const coin = coins.shift()
      if (!coin || coin.sats < sats + FEE_SATS) throw new Error(`the faucet has no coin of ${sats} satoshi`)
      const tx = new Transaction({ allowUnknownOutputs: true })
      tx.addInput({ txid: coin.txid, index: 0, witnessUtxo: { script: wallet.script, amount: coin.sats } })
      tx.addOutput({ script, amount: sats })
      tx.addOutput({ script: wallet.script, amount: coin.sats - sats - FEE_SATS })
      tx.sign(key)
      tx.finalize()
      return tx.extract()
    },
  }
}
