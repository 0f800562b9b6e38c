import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { bytesOf, type InvoiceParts, paddedBytesOf } from './bolt11Fields.ts'

/** What we use of the package, which brings no types. It runs libsecp256k1 where it has a build for the machine, JavaScript otherwise. */
type Secp256k1 = Readonly<{
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array
  /** False for a signature with s in the upper half, too. */
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
}>
const secp256k1: Secp256k1 = createRequire(import.meta.url)('secp256k1')

/**
 * The node that signed an invoice, as a compressed key in hex; undefined when the signature does not hold. With the field `n` that key must have made it,
 * in its canonical form; without, the key is what the signature leads to (BOLT 11).
 */
export function invoiceSigner({ prefix, fields, signed, signature }: InvoiceParts): string | undefined {
  const digest = createHash('sha256').update(prefix).update(paddedBytesOf(signed)).digest()
  const bytes = bytesOf(signature)
  const [compact, recovery] = [bytes.subarray(0, 64), bytes[64]!]
  const named = fields.find(({ letter }) => letter === 'n')
  try {
    if (!named) return Buffer.from(secp256k1.ecdsaRecover(compact, recovery, digest, true)).toString('hex')
    const key = bytesOf(named.words)
    return secp256k1.ecdsaVerify(compact, digest, key) ? key.toString('hex') : undefined
  } catch {
    // The library throws for numbers out of range, for a recovery id that is none and for points that do not exist.
    return undefined
  }
}
