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
const WATCHDOG_BLOCKS = LND_CANCELS_BLOCKS + AHEAD_BLOCKS
/**
 * With so few blocks left before the watchdog a payment is settled even where its channel is down, or has just come up: a settling that may come to
 * nothing is better than none, and the chain would pay it.
 */
const LAST_BLOCKS = 6
/** Payers accept routes of up to 2,016 blocks in LND and 1,008 in LDK; some are for the hops between. */
const HOLDABLE_BLOCKS_MAX = 864

/** The final CLTV delta of an invoice whose payment can wait for `holdableMs`; undefined when no payer would accept it. LND wants 24 at least. */
export function cltvDeltaFor(holdableMs: number): number | undefined {
  const blocks = Math.ceil(holdableMs / BLOCK_MS)
  return blocks > HOLDABLE_BLOCKS_MAX ? undefined : WATCHDOG_BLOCKS + LAST_BLOCKS + blocks
}

/** When a payment whose HTLC expires at `timeoutHeight` is given back, in ms, reckoned at a pace that is rather too fast. */
export function decideBy(timeoutHeight: number, height: number, now: number): number {
  return now + Math.max(0, timeoutHeight - height - WATCHDOG_BLOCKS) * BLOCK_MS
}

/** Whether a payment whose HTLC expires at `timeoutHeight` must not wait for its channel any more. */
export function isLastChance(timeoutHeight: number, height: number): boolean {
  return timeoutHeight - height <= WATCHDOG_BLOCKS + LAST_BLOCKS
}

/** Whether the watchdog gives it back. */
export function isTooLate(timeoutHeight: number, height: number): boolean {
  return timeoutHeight - height <= WATCHDOG_BLOCKS
}
