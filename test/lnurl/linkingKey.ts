import { createHmac } from 'node:crypto'
import { deriveKey, HARDENED } from './deriveKey.ts'

const ROOT = 138 + HARDENED

/**
 * The key that a wallet shows to one service and to no other (LUD-05): m/138'/0 hashes the service's full domain, and four numbers of that hash lead
 * from m/138' to the key. `seed` is the wallet's BIP 32 seed.
 */
export function linkingKey(seed: Uint8Array, domain: string): Uint8Array {
  return deriveKey(seed, [ROOT, ...linkingPath(deriveKey(seed, [ROOT, 0]), domain)])
}

/** The four path numbers of LUD-05, from the hashing key and the domain. */
export function linkingPath(hashingKey: Uint8Array, domain: string): readonly number[] {
  const material = createHmac('sha256', hashingKey).update(domain).digest()
  return [0, 4, 8, 12].map((at) => material.readUInt32BE(at))
}
