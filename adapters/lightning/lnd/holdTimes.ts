/**
 * How fast blocks are thought to come, in ms: twice bitcoin's average. A payment that must be able to wait so long needs so many blocks, and what is left
 * of them is reckoned at the same pace, so the deadline told is rather too early.
 */
const BLOCK_MS = 300_000
/** LND gives a held payment back by itself when so many blocks are left (`invoices.holdexpirydelta`). */
const LND_CANCELS_BLOCKS = 18
/** Our watchdog gives it back this many blocks earlier, so that it is our word that ends it and never a surprise. */
const AHEAD_BLOCKS = 3
/** Blocks that must be left for a payment to wait on; at fewer it is given back. */
export const WATCHDOG_BLOCKS = LND_CANCELS_BLOCKS + AHEAD_BLOCKS
/** Payers accept routes of up to 2,016 blocks in LND and 1,008 in LDK; some are for the hops between. */
const HOLDABLE_BLOCKS_MAX = 864

/** The final CLTV delta of an invoice whose payment can wait for `holdableMs`; undefined when no payer would accept it. */
export function cltvDeltaFor(holdableMs: number): number | undefined {
  const blocks = Math.ceil(holdableMs / BLOCK_MS)
  return blocks > HOLDABLE_BLOCKS_MAX ? undefined : WATCHDOG_BLOCKS + blocks
}

/** When a payment whose HTLC expires at `timeoutHeight` is given back, in ms, reckoned at a pace that is rather too fast. */
export function decideBy(timeoutHeight: number, height: number, now: number): number {
  return now + Math.max(0, timeoutHeight - height - WATCHDOG_BLOCKS) * BLOCK_MS
}
