import { type Money, money } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'

/**
 * Money that arrived and is not matched to anything yet; it stands in `suspense:<rail>`. `amount` is what is left of it; `turn` counts how often a part was
 * taken by hand.
 */
export type Unmatched = Readonly<{
  id: string
  rail: RailName
  amount: Money
  at: number
  reference: string
  payer: string
  /** What the payer wrote; empty where the rail carries no words. */
  remittance: string
  note: string
  turn?: number
}>

/** What stands in suspense, by its id and by the reference that a rail gave it. */
export function createUnmatched() {
  const unmatched = new Map<string, Unmatched>()
  const byReference = new Map<string, Unmatched>()

  function add(item: Unmatched): void {
    unmatched.set(item.id, item)
    if (item.reference) byReference.set(item.reference, item)
  }

  function leave(id: string): void {
    const item = unmatched.get(id)
    unmatched.delete(id)
    if (item?.reference) byReference.delete(item.reference)
  }

  return {
    tables: { unmatched, byReference },
    add,
    leave,
    /** A part of it was given away; what is left waits on. */
    take(id: string, units: bigint): void {
      const item = unmatched.get(id)
      if (!item) return
      const left = item.amount.units - units
      if (left > 0n) add({ ...item, amount: money(item.amount.asset, left), turn: (item.turn ?? 0) + 1 })
      else leave(id)
    },
    all: (): readonly Unmatched[] => [...unmatched.values()],
    get: (id: string): Unmatched | undefined => unmatched.get(id),
    byReference: (reference: string): Unmatched | undefined => byReference.get(reference),
  }
}
