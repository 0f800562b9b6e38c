import { hexToBytes, keccak256 } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'

/**
 * False when no log of the block has this address or topic: it would have set three bits of the block's bloom, each of the first three pairs
 * of bytes of its hash naming one of 2,048 (Yellow Paper, section 4.3.1). True says little, as others set bits too.
 */
export function mayContain(bloom: Hex, value: Hex): boolean {
  const bits = hexToBytes(bloom)
  const hash = hexToBytes(keccak256(value))
  return [0, 2, 4].every((at) => {
    const bit = ((hash[at]! << 8) | hash[at + 1]!) & 2_047
    return ((bits[bits.length - 1 - (bit >> 3)]! >> (bit & 7)) & 1) === 1
  })
}
