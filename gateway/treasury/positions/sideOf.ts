/**
 * Where a group of accounts stands on the balance sheet. `held`: what rails hold, or will, for anybody. `owed`: what of it is somebody's. `own`: what is left,
 * the operator's. `counted`: no money, but limits that are counted in an asset's units, such as what an agent may still spend; they sum to zero.
 */
export type Side = 'held' | 'owed' | 'own' | 'counted'

/** `x402` and `charged`: what channels have promised and not brought. `transit`: sent, and not at its end. */
const HELD: ReadonlySet<string> = new Set(['rail', 'transit', 'x402', 'charged'])
const OWN: ReadonlySet<string> = new Set(['fx', 'capital', 'fee'])
const COUNTED: ReadonlySet<string> = new Set(['ceiling', 'budget', 'exposure'])
/** What such limits are counted against. It is called capital, and is none. */
const COUNTED_AGAINST: ReadonlySet<string> = new Set(
  ['sessions', 'agents', 'refunds', 'passes', 'exposure', 'fee-budget'].map((owner) => `capital:${owner}`),
)

/** A kind that is not known here is owed to somebody, until it is said that it is not. */
export function sideOf(group: string): Side {
  const kind = group.split(':', 1)[0]!
  if (COUNTED.has(kind) || COUNTED_AGAINST.has(group)) return 'counted'
  if (HELD.has(kind)) return 'held'
  return OWN.has(kind) ? 'own' : 'owed'
}
