import type { Hex } from '../../../gateway/ports/ids.ts'

/** Where Permit2 keeps whether a nonce is used: its last eight bits name a bit, the others the word. */
export function permitBit(nonce: Hex): Readonly<{ word: bigint; mask: bigint }> {
  const n = BigInt(nonce)
  return { word: n >> 8n, mask: 1n << (n & 0xffn) }
}
