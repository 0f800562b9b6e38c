import { max, min } from '../../money/integers.ts'
import { afterChange, emptySlot, faded, type Outcome, type Slot, withOutcome } from './slot.ts'

/** All outcomes of one kind of way, a slot a party. */
export type Cell = readonly Slot[]

/** Outcomes that are not known yet, as far as their age tells: weights by owner. */
export type Doubts = ReadonlyMap<string, Readonly<{ paid: number; failed: number }>>

/**
 * A chance, and how many outcomes it rests on. `known` is what those outcomes say; `changed` how likely it is that the way has changed since, and is what its
 * rail mostly says of it (`fresh`): `mean` has both.
 */
export type Chance = Readonly<{ mean: number; weight: number; known: number; changed: number; fresh: number }>

/** Parties with a slot of their own in a cell; what the others cause is one slot more. A slot that has faded is given to the next. */
export const SLOTS_MAX = 16
const FADED = 0.5
export const OTHERS = ''
/** So many outcomes are outweighed by what the cell above says; and of one's own by what others have met, the more they are. */
export const PRIOR_WEIGHT = 10
const OTHERS_WEIGHT_MAX = 30
/** What one party causes counts for others at most so much, or half of what all the rest of them cause: never more than a third of the whole. */
const STRANGER_WEIGHT_MAX = 5
/** A run of bad outcomes over all parties together is a change too: of one party it counts at most half of that, and of each slot there is some by chance. */
const POOLED_CHANGE = 3
const ONE_OF_POOLED_MAX = 2
const CHANCE_OF_SLOT = 0.3

/** A rail changes about every other day, and what has just been tried has as good as not. */
const CHANGES_EVERY_MS = 48 * 3_600_000
const CHANGED_AT_LEAST = 0.0002

/** The cell with one more outcome. `prior`: what the cell above says. */
export function learn(cell: Cell, o: Outcome & Readonly<{ owner: string; prior: number }>): Cell {
  const known = placeOfOwner(cell, o.owner)
  const place =
    known >= 0
      ? known
      : placeFor(
          cell.map((slot) => ({ at: slot.at, weight: slot.paid + slot.failed })),
          o.at,
        )
  const slot = place === known ? cell[place]! : place < SLOTS_MAX ? emptySlot(o.owner, o.at) : (cell[place] ?? emptySlot(OTHERS, o.at))
  const weight = slot.paid + slot.failed
  const expected = (slot.paid + PRIOR_WEIGHT * o.prior) / (weight + PRIOR_WEIGHT)
  const next = withOutcome(slot, { paid: o.paid, at: o.at, count: o.count, expected })
  const after = cell.slice()
  after[place] = next
  const run = pooledChange(after)
  return run ? after.map((one) => afterChange(one, run)) : after
}

/** The place of the slot of this owner; -1 when it has none. */
export function placeOfOwner(slots: readonly Readonly<{ owner: string }>[], owner: string): number {
  for (let i = 0; i < slots.length; i++) if (slots[i]!.owner === owner) return i
  return -1
}

function pooledChange(cell: Cell): 'falls' | 'rises' | undefined {
  let falls = 0
  let rises = 0
  for (let i = 0; i < cell.length; i++) {
    const [fell, rose] = [cell[i]!.falls.sum, cell[i]!.rises.sum]
    falls += fell < ONE_OF_POOLED_MAX ? fell : ONE_OF_POOLED_MAX
    rises += rose < ONE_OF_POOLED_MAX ? rose : ONE_OF_POOLED_MAX
  }
  const most = POOLED_CHANGE + CHANCE_OF_SLOT * cell.length
  return falls > most ? 'falls' : rises > most ? 'rises' : undefined
}

/** A free place, or one that has faded; behind the last of them the place of all who have none. */
export function placeFor(slots: readonly Readonly<{ at: number; weight: number }>[], at: number): number {
  const own = slots.slice(0, SLOTS_MAX)
  if (own.length < SLOTS_MAX) return own.length
  const gone = own.findIndex((slot) => faded(slot.weight, at - slot.at) < FADED)
  return gone >= 0 ? gone : SLOTS_MAX
}

/** How much of what one party has met counts for others, of all that `others` of them have met: never more than a third of the whole. */
export function weightOf(met: number, others: number): number {
  const half = (others - met) / 2
  const most = half > STRANGER_WEIGHT_MAX ? half : STRANGER_WEIGHT_MAX
  return met < most ? met : most
}

type Asked = Readonly<{ owner: string; at: number; prior: Pick<Chance, 'mean' | 'weight'>; fresh: number; doubts?: Doubts | undefined }>
type Rows = readonly Readonly<{ owner: string; at: number; paid: number; failed: number }>[]

/** What is left of the outcomes of each row while `chanceIn` reckons: one call's, made anew by the next, so that it makes no rows of its own. */
const PAID: number[] = []
const MET: number[] = []

/** What a party may expect in this cell: what it has met itself, drawn towards what others have met, as far as no one of them decides it. */
export function chanceIn(cell: Cell, o: Asked): Chance {
  const rows: Rows = o.doubts ? doubted(cell, o.doubts, o.at) : cell
  let [own, others] = [-1, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const ms = o.at - row.at
    PAID[i] = faded(row.paid, ms)
    MET[i] = PAID[i]! + faded(row.failed, ms)
    if (row.owner === o.owner) own = i
    else others += MET[i]!
  }
  let [paid, weight] = [0, 0]
  for (let i = 0; i < rows.length; i++) {
    const met = MET[i]!
    if (i === own || met === 0) continue
    const counts = weightOf(met, others)
    paid += (PAID[i]! * counts) / met
    weight += counts
  }
  const pooled = (paid + PRIOR_WEIGHT * o.prior.mean) / (weight + PRIOR_WEIGHT)
  const minePaid = own < 0 ? 0 : PAID[own]!
  const mine = own < 0 ? 0 : MET[own]!
  const drawnTo = PRIOR_WEIGHT + min(weight / 4, OTHERS_WEIGHT_MAX)
  const known = (minePaid + drawnTo * pooled) / (mine + drawnTo)
  const changed = cell.length === 0 ? 0 : changedSince(cell, o.at)
  const mean = known + changed * (o.fresh - known)
  return { mean, weight: mine + weight + min(PRIOR_WEIGHT, o.prior.weight), known, changed, fresh: o.fresh }
}

/**
 * How likely it is that a way is another one than its outcomes say: it grows with the time in which nobody has tried it, and with each outcome that was
 * better than expected. So a rail that has failed is tried again with a payment or two, and with more once those are paid.
 */
function changedSince(cell: Cell, at: number): number {
  let better = 0
  for (let i = 0; i < cell.length; i++) better += cell[i]!.rises.sum
  const grown = (1 + better) * (1 + better)
  const odds = (CHANGED_AT_LEAST + min(max(at - lastUsed(cell), 0) / CHANGES_EVERY_MS, 1)) * grown * grown
  return odds / (1 + odds)
}

/** When an outcome last came to it (ms). */
export function lastUsed(cell: Cell): number {
  let last = 0
  for (let i = 0; i < cell.length; i++) if (cell[i]!.at > last) last = cell[i]!.at
  return last
}

/** What is left of each slot at this time, with its doubts, and those of parties that have no slot. */
function doubted(cell: Cell, doubts: Doubts, at: number): Rows {
  const rows = cell.map((slot) => {
    const doubt = doubts.get(slot.owner)
    const [paid, failed] = [faded(slot.paid, at - slot.at), faded(slot.failed, at - slot.at)]
    return { owner: slot.owner, at, paid: paid + (doubt?.paid ?? 0), failed: failed + (doubt?.failed ?? 0) }
  })
  for (const [owner, doubt] of doubts) if (placeOfOwner(cell, owner) < 0) rows.push({ owner, at, paid: doubt.paid, failed: doubt.failed })
  return rows
}
