import type { Asset } from '../money/asset.ts'

/** A cost in nano-USD shown in dollars, to the nano. */
export const NANO_USD: Asset = { id: 'USD', code: 'USD', scale: 9, ledger: 0 }

/** A unit of USD is a millionth of a dollar. */
export const NANO_PER_UNIT = 1_000n
