import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../../ports/ids.ts'

/** A type, or a text in a message. */
export function hashText(text: string): Uint8Array {
  return keccak_256(Buffer.from(text))
}

/** Left-padded to 32 bytes, as the ABI encodes an address; 32 bytes stay as they are. */
export function word(hex: Hex): Buffer {
  return Buffer.from(wordHex(hex), 'hex')
}

export function number(value: bigint): Buffer {
  return Buffer.from(numberHex(value), 'hex')
}

/** The 64 hex digits of a word. */
export function wordHex(hex: Hex): string {
  return hex.slice(2).padStart(64, '0')
}

export function numberHex(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}

/** The domain and a message's hash under EIP-712's prefix: what is signed. The separator has 32 bytes, and so has the hash. */
export function typedDigest(separator: Uint8Array, message: Uint8Array): Uint8Array {
  sealed.set(separator, 2)
  sealed.set(message, 34)
  return keccak_256(sealed)
}

/** Written anew for each digest, and read before anything else runs. */
const sealed = Uint8Array.from({ length: 66 }, (_, i) => [0x19, 0x01][i] ?? 0)
