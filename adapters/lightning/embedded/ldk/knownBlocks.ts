import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeStore } from './nodeStore.ts'

/**
 * Most blocks a reorganisation may take back: at six confirmations LDK and the sweeps take a transaction for final and act on it, which cannot
 * be undone. A node refuses a deeper one, and any that reaches below the block it was born at: that is another chain.
 */
export const REORG_DEPTH_MAX = 5

/** Remembers the hash of a block that the node has seen, and forgets those a reorganisation can no longer reach. */
export function rememberBlock(store: NodeStore, height: number, hash: Uint8Array): void {
  store.write(
    'INSERT INTO blocks (height, hash) VALUES (?, ?) ON CONFLICT (height) DO UPDATE SET hash = excluded.hash',
    BigInt(height),
    hash,
  )
  store.write('DELETE FROM blocks WHERE height < ?', BigInt(height - REORG_DEPTH_MAX))
}

/** Forgets the blocks above `height`: the chain has replaced them. */
export function forgetBlocksAbove(store: NodeStore, height: number): void {
  store.write('DELETE FROM blocks WHERE height > ?', BigInt(height))
}

/** The hash the node has seen at this height, when it still remembers. */
export function knownHash(store: NodeStore, height: number): Uint8Array | undefined {
  const hash = store.statement('SELECT hash FROM blocks WHERE height = ?').get(BigInt(height))?.hash
  invariant(hash === undefined || hash instanceof Uint8Array, 'a hash is bytes')
  return hash
}
