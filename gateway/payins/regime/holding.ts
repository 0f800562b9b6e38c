import { routerPolicy } from '../../costs/policy.ts'
import type { HoldPolicy } from './collectWhen.ts'

/** An authorization has to be on its way so long before it ends: for a chain that is slow, a transaction that is displaced, a node that is away. */
export const MARGIN_MS = 120_000

/** Held for as long as the offers of a 402 leave room for, and meanwhile what costs more than a tenth of what it brings waits for company or a lower price. */
export const holdPolicy: HoldPolicy = {
  shareMaxPpm: 100_000n,
  holdMs: 180_000,
  waitNanoPerSecond: routerPolicy.waitNanoPerSecond,
  capitalPptPerSecond: routerPolicy.capitalPptPerSecond,
}

/** What gas may cost a day above what it brings, in units of USD: a dollar. */
export const DUST_UNITS = 1_000_000n
