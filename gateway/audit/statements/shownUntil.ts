import { max, min } from '../../money/integers.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import type { Period } from './period.ts'

/** What was being written when a period ended is in the journal by then. */
const CLOSED_AFTER_MS = 60_000
const NS_PER_MS = 1_000_000n

/**
 * Up to when (ns) a period can be told: to its end, or to where the journal has come while it lasts, and then it is preliminary. `now` (ms) is from before
 * what was acknowledged by then was waited for.
 */
export function shownUntil(reads: Pick<ReadModel, 'cursor'>, { period, now }: Readonly<{ period: Period; now: number }>) {
  const isPreliminary = BigInt(now - CLOSED_AFTER_MS) * NS_PER_MS < period.end
  // A gateway at rest writes no blocks, and its days end all the same.
  const until = isPreliminary ? max(period.start, min(period.end, reads.cursor().at + 1n)) : period.end
  return { isPreliminary, until }
}
