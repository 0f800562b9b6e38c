import { max, min } from '../../money/integers.ts'
import { emptySlot, faded, type Outcome, type Slot, withOutcome } from './slot.ts'

/** All outcomes of one kind of way, a slot a party. */
export type Cell = readonly Slot[]

/** Outcomes that are not known yet, as far as their age tells: weights by owner. */
export type Doubts = ReadonlyMap<string, Readonly<{ paid: number; failed: number }>>

/** A chance, and how many outcomes it rests on. */
export type Chance = Readonly<{ mean: number; weight: number }>

/** Parties with a slot of their own in a cell; what the others cause is one slot more. A slot that has faded is given to the next. */
const SLOTS_MAX = 16
const FADED = 0.5
const OTHERS = ''
/** So many outcomes of a cell are outweighed by what the cell above says. */
const PRIOR_WEIGHT = 10
/** What one party causes counts for others at most so much, or half of what all the others cause: never more than a third of the whole. */
const STRANGER_WEIGHT_MAX = 5

/** The cell with one more outcome. `prior`: what the cell above says. */
export function learn(cell: Cell, o: Outcome & Readonly<{ owner: string; prior: number }>): Cell {
  const known = cell.findIndex(({ owner }) => owner === o.owner)
  const place = known >= 0 ? known : placeFor(cell, o.at)
  const slot = place === known ? cell[place]! : place < SLOTS_MAX ? emptySlot(o.owner, o.at) : (cell[place] ?? emptySlot(OTHERS, o.at))
  const weight = slot.paid + slot.failed
  const expected = (slot.paid + PRIOR_WEIGHT * o.prior) / (weight + PRIOR_WEIGHT)
  const next = withOutcome(slot, { paid: o.paid, at: o.at, count: o.count, expected })
  return place >= cell.length ? [...cell, next] : cell.map((old, i) => (i === place ? next : old))
}

/** A free place, or one that has faded; behind the last of them the place of all who have none. */
function placeFor(cell: Cell, at: number): number {
  const own = cell.slice(0, SLOTS_MAX)
  if (own.length < SLOTS_MAX) return own.length
  const gone = own.findIndex((slot) => faded(slot.paid + slot.failed, at - slot.at) < FADED)
  return gone >= 0 ? gone : SLOTS_MAX
}

/** What a party may expect in this cell: what it has met itself in full, what others have met as far as no one of them decides it. */
export function chanceIn(cell: Cell, o: Readonly<{ owner: string; at: number; prior: Chance; doubts?: Doubts | undefined }>): Chance {
  const rows = cell.map((slot) => {
    const doubt = o.doubts?.get(slot.owner)
    const ms = o.at - slot.at
    return { owner: slot.owner, paid: faded(slot.paid, ms) + (doubt?.paid ?? 0), failed: faded(slot.failed, ms) + (doubt?.failed ?? 0) }
  })
  for (const [owner, doubt] of o.doubts ?? []) if (!cell.some((slot) => slot.owner === owner)) rows.push({ owner, ...doubt })
  const total = rows.reduce((sum, { paid, failed }) => sum + paid + failed, 0)
  let [paid, weight] = [0, 0]
  for (const row of rows) {
    const own = row.paid + row.failed
    if (own === 0) continue
    const counts = row.owner === o.owner ? own : min(own, max(STRANGER_WEIGHT_MAX, (total - own) / 2))
    paid += (row.paid * counts) / own
    weight += counts
  }
  const prior = PRIOR_WEIGHT
  return { mean: (paid + prior * o.prior.mean) / (weight + prior), weight: weight + min(prior, o.prior.weight) }
}
