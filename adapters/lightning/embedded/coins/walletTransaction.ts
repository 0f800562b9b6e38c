import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { WalletKey } from '../ldk/walletKey.ts'

const VERSION = 2
/** No relative lock; and, below 0xfffffffe, replaceable by a dearer one (BIP 125). */
const SEQUENCE = 0xfffffffd
const SIGHASH_ALL = 1
/** Bytes of each kind; a signature is reckoned at its longest, 72 with its sighash byte, so a fee is never below its rate. */
const BYTES = { frame: 10n, input: 41n, output: 9n, marker: 2n, witness: 108n } as const
const INPUTS_MAX = 252

/** An output of our wallet's script. `txid` as people write it. */
export type Coin = Readonly<{ txid: string; index: number; sats: bigint }>
type Output = Readonly<{ script: Uint8Array; sats: bigint }>

/** Virtual bytes (BIP 141) of a transaction that spends so many coins of the wallet, at most. */
export function virtualBytes(inputs: number, scripts: readonly Uint8Array[]): bigint {
  const count = BigInt(inputs)
  const outputs = scripts.reduce((sum, script) => sum + BYTES.output + BigInt(script.length), 0n)
  const weight = 4n * (BYTES.frame + count * BYTES.input + outputs) + BYTES.marker + count * BYTES.witness
  return (weight + 3n) / 4n
}

/** Signs a transaction that spends these coins whole (P2WPKH: BIP 143). What the outputs leave is its fee. */
export function signTransaction(coins: readonly Coin[], outputs: readonly Output[], key: WalletKey): { raw: Uint8Array; txid: string } {
  invariant(coins.length > 0 && coins.length <= INPUTS_MAX && outputs.length > 0, 'a transaction has inputs and outputs')
  const paid = outputs.reduce((sum, { sats }) => sum + sats, 0n)
  invariant(paid < coins.reduce((sum, { sats }) => sum + sats, 0n), 'a transaction pays out less than it takes in')
  const publicKey = secp256k1.getPublicKey(key.privateKey, true)
  const inputs = coins.map((coin) => Buffer.concat([outpointOf(coin), Buffer.from([0]), uint32(SEQUENCE)]))
  const tail = [Buffer.from([outputs.length]), ...outputs.map(outputBytes), uint32(0)]
  const head = [Buffer.from([coins.length]), ...inputs]
  const witnesses = coins.map((coin) => {
    const digest = sighash({ coins, outputs, coin, keyHash: key.script.subarray(2) })
    const der = secp256k1.sign(digest, key.privateKey, { prehash: false, format: 'der' })
    return Buffer.concat([Buffer.from([2, der.length + 1]), der, Buffer.from([SIGHASH_ALL, publicKey.length]), publicKey])
  })
  const lockless = tail.slice(0, -1)
  return {
    raw: Buffer.concat([uint32(VERSION), Buffer.from([0, 1]), ...head, ...lockless, ...witnesses, uint32(0)]),
    txid: idOf(Buffer.concat([uint32(VERSION), ...head, ...tail])),
  }
}

/** What a P2WPKH input signs (BIP 143): all inputs and outputs, and the value of its own coin. */
function sighash(o: { coins: readonly Coin[]; outputs: readonly Output[]; coin: Coin; keyHash: Uint8Array }): Uint8Array {
  const { coins, outputs, coin, keyHash } = o
  return twice(
    Buffer.concat([
      uint32(VERSION),
      twice(Buffer.concat(coins.map(outpointOf))),
      twice(Buffer.concat(coins.map(() => uint32(SEQUENCE)))),
      outpointOf(coin),
      Buffer.from([0x19, 0x76, 0xa9, 0x14, ...keyHash, 0x88, 0xac]),
      uint64(coin.sats),
      uint32(SEQUENCE),
      twice(Buffer.concat(outputs.map(outputBytes))),
      uint32(0),
      uint32(SIGHASH_ALL),
    ]),
  )
}

/** The id of a segregated-witness transaction with fewer than 253 inputs without scripts, as a sweep is: its witnesses are not part of it. */
export function txidOf(raw: Uint8Array): string {
  const bytes = Buffer.from(raw)
  const [inputs = 0, marker, flag] = [bytes[6], bytes[4], bytes[5]]
  invariant(marker === 0 && flag === 1 && inputs > 0 && inputs <= INPUTS_MAX, 'a transaction of ours has witnesses and few inputs')
  let end = 7 + inputs * 41
  const outputs = bytes[end] ?? 0
  invariant(outputs > 0 && outputs <= INPUTS_MAX, 'a transaction of ours has few outputs')
  end += 1
  for (let i = 0; i < outputs; i++) end += 9 + (bytes[end + 8] ?? 0)
  return idOf(Buffer.concat([bytes.subarray(0, 4), bytes.subarray(6, end), bytes.subarray(-4)]))
}

function outpointOf({ txid, index }: Coin): Buffer {
  return Buffer.concat([Buffer.from(txid, 'hex').reverse(), uint32(index)])
}

function outputBytes({ script, sats }: Output): Buffer {
  return Buffer.concat([uint64(sats), Buffer.from([script.length]), script])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

function idOf(bytes: Uint8Array): string {
  return Buffer.from(twice(bytes)).reverse().toString('hex')
}

function twice(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest()
}
