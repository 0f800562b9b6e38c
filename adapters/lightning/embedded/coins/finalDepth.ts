/**
 * Blocks until LDK, and so this node, takes a transaction for final (its ANTI_REORG_DELAY). Apart from all that reads LDK, which the gateway's process does not
 * need.
 */
export const FINAL_DEPTH = 6n
