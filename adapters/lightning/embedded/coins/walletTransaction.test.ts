import { p2wpkh, Transaction } from '@scure/btc-signer'
import { pubECDSA } from '@scure/btc-signer/utils.js'
import { describe, expect, test } from 'vitest'
import { walletKey } from '../ldk/walletKey.ts'
import { type Coin, signTransaction, txidOf, virtualBytes } from './walletTransaction.ts'

const key = walletKey(new Uint8Array(32).fill(9))
const script = Uint8Array.from([0, 20, ...new Uint8Array(20).fill(7)])
const coinOf = (n: number): Coin => ({ txid: n.toString(16).padStart(2, '0').repeat(32), index: n % 3, sats: 10_000n + BigInt(n) })

/** The same transaction by another library. */
function byAnother(coins: readonly Coin[], outputs: readonly { script: Uint8Array; sats: bigint }[]): Transaction {
  const tx = new Transaction({ allowUnknownOutputs: true })
  const own = p2wpkh(pubECDSA(key.privateKey)).script
  for (const { txid, index, sats } of coins) tx.addInput({ txid, index, sequence: 0xfffffffd, witnessUtxo: { script: own, amount: sats } })
  for (const { script, sats } of outputs) tx.addOutput({ script, amount: sats })
  tx.sign(key.privateKey)
  tx.finalize()
  return tx
}

describe('a transaction of the wallet', () => {
  test.each([1, 2, 7])('with %i coins is what another library signs, byte for byte', (count) => {
    const coins = Array.from({ length: count }, (_, i) => coinOf(i + 1))
    const outputs = [
      { script, sats: 5_000n },
      { script: key.script, sats: 4_000n },
    ]
    const { raw, txid } = signTransaction(coins, outputs, key)
    const other = byAnother(coins, outputs)
    expect(Buffer.from(raw).toString('hex')).toBe(Buffer.from(other.extract()).toString('hex'))
    expect([txid, txidOf(raw)]).toEqual([other.id, other.id])
  })

  test('is never longer than was reckoned, and by two bytes a coin at the most shorter', () => {
    for (const count of [1, 2, 3, 10, 40]) {
      const coins = Array.from({ length: count }, (_, i) => coinOf(i + 1))
      const { raw } = signTransaction(coins, [{ script, sats: 9_000n }], key)
      const real = BigInt(Transaction.fromRaw(raw, { allowUnknownOutputs: true }).vsize)
      const reckoned = virtualBytes(count, [script])
      expect(real <= reckoned && reckoned - real <= BigInt(count) * 2n).toBe(true)
    }
  })

  test('that would pay out all that it takes in is not signed', () => {
    expect(() => signTransaction([coinOf(1)], [{ script, sats: 10_001n }], key)).toThrow(/invariant/)
    expect(() => signTransaction([], [{ script, sats: 1n }], key)).toThrow(/invariant/)
  })
})
