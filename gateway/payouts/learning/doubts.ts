import type { Doubts } from './cell.ts'
import type { OpenTry } from './openTries.ts'
import { shareWithin, type TimeSketch } from './timeSketch.ts'

/** So many of a cell's open tries are looked at, the oldest of them: what is older tells more. */
const LOOKED_AT_MAX = 64

/**
 * What tries without an outcome tell by their age: one that most payments would have ended by now has probably failed. It weighs the share of payments that
 * were paid in less time, and nothing before half of them were (`halfMs`); it counts as paid by the survival curves of what was paid and what failed (Bayes).
 */
export function doubtsOf(
  open: Iterable<Pick<OpenTry, 'owner' | 'at'>>,
  o: Readonly<{ now: number; chance: number; halfMs: number; paid: TimeSketch; failed: TimeSketch }>,
): Doubts | undefined {
  let doubts: Map<string, { paid: number; failed: number }> | undefined
  let looked = 0
  for (const { owner, at } of open) {
    const age = o.now - at
    if (age <= o.halfMs || ++looked > LOOKED_AT_MAX) break
    const weight = shareWithin(o.paid, age)
    const [willPay, willFail] = [o.chance * (1 - weight), (1 - o.chance) * (1 - shareWithin(o.failed, age))]
    const paid = willPay + willFail === 0 ? 0 : willPay / (willPay + willFail)
    doubts ??= new Map()
    const known = doubts.get(owner) ?? { paid: 0, failed: 0 }
    doubts.set(owner, { paid: known.paid + weight * paid, failed: known.failed + weight * (1 - paid) })
  }
  return doubts
}
