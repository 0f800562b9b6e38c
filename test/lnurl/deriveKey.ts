import { createHmac } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { invariant } from '../../gateway/errors/invariant.ts'

/** A private key of BIP 32 with its chain code. */
type ExtendedKey = Readonly<{ key: Buffer; chainCode: Buffer }>

/** Added to a path's number, it makes a step that public keys cannot follow. */
export const HARDENED = 0x8000_0000
const CURVE_ORDER = secp256k1.Point.Fn.ORDER

/** The private key at this path from a wallet's seed (BIP 32). */
export function deriveKey(seed: Uint8Array, path: readonly number[]): Uint8Array {
  return path.reduce(child, split(createHmac('sha512', 'Bitcoin seed').update(seed).digest())).key
}

/** BIP 32, private parent to private child. */
function child({ key, chainCode }: ExtendedKey, number: number): ExtendedKey {
  const data = Buffer.alloc(37)
  if (number >= HARDENED) key.copy(data, 1)
  else data.set(secp256k1.getPublicKey(key), 0)
  data.writeUInt32BE(number, 33)
  const { key: tweak, chainCode: next } = split(createHmac('sha512', chainCode).update(data).digest())
  const sum = (toBigint(tweak) + toBigint(key)) % CURVE_ORDER
  // Less likely than finding a key by guessing; BIP 32 would take the next number.
  invariant(sum !== 0n && toBigint(tweak) < CURVE_ORDER, 'a derived key is a key')
  return { key: Buffer.from(sum.toString(16).padStart(64, '0'), 'hex'), chainCode: next }
}

function split(digest: Buffer): ExtendedKey {
  return { key: digest.subarray(0, 32), chainCode: digest.subarray(32) }
}

function toBigint(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
