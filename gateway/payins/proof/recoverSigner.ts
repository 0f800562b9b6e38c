import { createRequire } from 'node:module'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../../ports/ids.ts'

/** What we use of the package, which brings no types. It runs libsecp256k1 where it has a build for the machine, JavaScript otherwise. */
type Secp256k1 = Readonly<{ ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array }>
const secp256k1: Secp256k1 = createRequire(import.meta.url)('secp256k1')

/** Half the order of secp256k1: a larger s is the twin of a valid signature, and tokens refuse it (EIP-2). */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex')
const SIGNATURE_BYTES = 65

/**
 * The address that signed the digest, in lower case; undefined when the signature is none that a token would accept: 65 bytes r, s, v with s in the
 * lower half and v 27 or 28.
 */
export function recoverSigner(digest: Uint8Array, signature: Hex): Hex | undefined {
  const bytes = Buffer.from(signature.slice(2), 'hex')
  const v = bytes[SIGNATURE_BYTES - 1]
  if (bytes.length !== SIGNATURE_BYTES || (v !== 27 && v !== 28)) return undefined
  if (Buffer.compare(bytes.subarray(32, 64), HALF_ORDER) > 0) return undefined
  try {
    const key = secp256k1.ecdsaRecover(bytes.subarray(0, 64), v - 27, digest, false)
    return `0x${Buffer.from(keccak_256(key.subarray(1)).buffer, 12, 20).toString('hex')}`
  } catch {
    // The library throws for r or s out of range and for points that do not exist: all of them are no signature.
    return undefined
  }
}
