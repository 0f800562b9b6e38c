import { keccak256, toBytes } from 'viem/utils'
import type { Hex } from '../../ports/ids.ts'

/** A type, or a text in a message. */
export function hashText(text: string): Uint8Array {
  return keccak256(toBytes(text), 'bytes')
}

/** Left-padded to 32 bytes, as the ABI encodes an address; 32 bytes stay as they are. */
export function word(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2).padStart(64, '0'), 'hex')
}

export function number(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}
