import { createHash } from 'node:crypto'
import type { Block } from '../../ports/journal.ts'

/** SHA-256 over the previous block's hash, this block's seq (u64), at (u64), count (u32), big-endian, and its data. The first previous is zeros. */
export function blockHash(previous: Uint8Array, block: Omit<Block, 'hash'>): Uint8Array {
  const header = Buffer.alloc(20)
  header.writeBigUInt64BE(BigInt(block.seq), 0)
  header.writeBigUInt64BE(block.at, 8)
  header.writeUInt32BE(block.count, 16)
  return createHash('sha256').update(previous).update(header).update(block.data).digest()
}
