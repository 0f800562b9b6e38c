import { max, min } from '../../money/integers.ts'
import { OTHERS, PRIOR_WEIGHT, placeFor, placeOfOwner, SLOTS_MAX, weightOf } from './cell.ts'
import { type FeeLine, merged, NO_LINE, weighing, withFee } from './feeLine.ts'

/**
 * How one party's payments over a rail kept to its word, the newer weighing more: `pace` is how long they took, in times of the seconds that the rail said,
 * and `fees` what they were charged. `at` is when one was last heard of (ms).
 */
type KeptRow = Readonly<{ owner: string; at: number; count: number; pace: number; fees: FeeLine }>
export type Kept = readonly KeptRow[]

/** A payment that was paid: by how much slower than said (undefined where nobody can tell), and its fee, where the rail told it, in the asset of the amount. */
type Met = Readonly<{
  owner: string
  at: number
  pace: number | undefined
  fee: Readonly<{ amount: number; fee: number }> | undefined
}>

/** The pace follows the last fifty payments, and one that was locked for a day counts as a hundred times its word. */
const PACE_COUNT_MAX = 50
const PACE_MAX = 100
/** All that others have met weighs so much at most: what a party has met itself outweighs it. */
const OTHERS_WEIGHT_MAX = 40

export function withMet(kept: Kept, { owner, at, pace, fee }: Met): Kept {
  const known = placeOfOwner(kept, owner)
  const place =
    known >= 0
      ? known
      : placeFor(
          kept.map((row) => ({ owner: row.owner, at: row.at, weight: row.count })),
          at,
        )
  const owned = place < SLOTS_MAX ? owner : OTHERS
  const before = place === known || place === SLOTS_MAX ? kept[place] : undefined
  const row = before ?? { owner: owned, at, count: 0, pace: 1, fees: NO_LINE }
  const count = pace === undefined ? row.count : min(row.count + 1, PACE_COUNT_MAX)
  const next: KeptRow = {
    owner: row.owner,
    at: max(row.at, at),
    count,
    pace: pace === undefined ? row.pace : row.pace + (min(pace, PACE_MAX) - row.pace) / count,
    fees: fee ? withFee(row.fees, fee.amount, fee.fee) : row.fees,
  }
  const after = kept.slice()
  after[place] = next
  return after
}

/** How often the rail's word of its time this party may expect to wait: as drawn towards that word as a chance is, and no stranger decides it. */
export function paceIn(kept: Kept, owner: string): number {
  const own = kept.find((row) => row.owner === owner)
  const others = kept.reduce((sum, row) => (row === own ? sum : sum + row.count), 0)
  let [sum, weight] = [PRIOR_WEIGHT, PRIOR_WEIGHT]
  for (const row of kept) {
    if (row === own) continue
    const counts = weightOf(row.count, others)
    sum += row.pace * counts
    weight += counts
  }
  const drawnTo = min(weight, OTHERS_WEIGHT_MAX)
  const pooled = (sum / weight) * drawnTo
  return own ? (pooled + own.pace * own.count) / (drawnTo + own.count) : sum / weight
}

/** What this party may expect to be charged: its own payments, and those of others as far as no one of them decides it. */
export function feesIn(kept: Kept, owner: string): FeeLine {
  const own = kept.find((row) => row.owner === owner)
  const others = kept.reduce((sum, row) => (row === own ? sum : sum + row.fees.n), 0)
  let line = own?.fees ?? NO_LINE
  for (const row of kept) if (row !== own) line = merged(line, weighing(row.fees, weightOf(row.fees.n, others)))
  return line
}
