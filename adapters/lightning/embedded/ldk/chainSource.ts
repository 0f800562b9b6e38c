/** A block as LDK wants it: 80 bytes of header, and its transactions in order. */
export type ChainBlock = Readonly<{ height: number; header: Uint8Array; txs: readonly Uint8Array[] }>

/** The highest block; `hash` in internal byte order (BOLT 1's chain hashes, not the reversed form of explorers). */
export type ChainTip = Readonly<{ height: number; hash: Uint8Array }>

/** Where a node's blocks come from and its transactions go. Only the tip is told when nothing lies above `after`. */
export interface ChainSource {
  blocksAfter(after: number): Promise<Readonly<{ tip: ChainTip; blocks: readonly ChainBlock[] }>>
  broadcast(tx: Uint8Array): Promise<void>
}
