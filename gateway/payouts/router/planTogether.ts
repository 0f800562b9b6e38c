import type { NanoUsd } from '../../costs/policy.ts'
import { invariant } from '../../errors/invariant.ts'
import { ceilDiv, min } from '../../money/integers.ts'
import { nearly } from './nearly.ts'
import { cheapestOf, type Filled, fillWithin, type Table } from './roomPrices.ts'

/**
 * A rail that many payouts may share: what it costs once for every `rowsPerFixed` of them that are begun, such as a file of a bank, and how much it can carry
 * in all; undefined where that is no matter.
 */
export type SharedRail = Readonly<{ fixedNano: NanoUsd; rowsPerFixed: number; capNano: NanoUsd | undefined }>

/** One payout: by each rail what paying it is expected to cost and what it takes of the rail's room, undefined where it cannot; and its cost unpaid. */
export type PlanRow = Readonly<{
  ways: readonly (Readonly<{ costNano: NanoUsd; takesNano: NanoUsd }> | undefined)[]
  lostNano: NanoUsd
}>

/**
 * `places`: by which rail each row goes, by its place; undefined where none has room, or each costs as much as not paying. `costNano` is what all cost
 * together, and no plan costs less than `leastNano`: where the two are equal, this one is the best. `oneByOneNano`: what they cost if each takes what is
 * cheapest for it alone while there is room, in the order of the rows.
 */
type JointPlan = Readonly<{
  places: readonly (number | undefined)[]
  costNano: NanoUsd
  leastNano: NanoUsd
  oneByOneNano: NanoUsd
}>

/** Rails of one plan. */
const RAILS_MAX = 24
/** With more rails of a fixed cost than this, not every choice of them is looked at. */
const CHOSEN_OF = 6

/** Some rails are shut, and no plan by the others, each with a fixed cost used at least once, costs less than `bound`. */
type Choice = Readonly<{ open: readonly boolean[]; bound: number }>

/**
 * By which rails many payouts go, chosen together. What each costs by itself is one thing; that a file costs the same with one order as with a thousand, and
 * that a rail can carry only so much, are others, which no payout sees alone. Which rails with a fixed cost are used is tried out; what a rail's room is
 * worth is a price that rises until all fits (`roomPrices.ts`), and the same prices say what no plan can undercut.
 */
export function planTogether(rails: readonly SharedRail[], rows: readonly PlanRow[]): JointPlan {
  invariant(rails.length <= RAILS_MAX, `a plan has at most ${RAILS_MAX} rails`)
  const { table, baseNano } = tableOf(rails, rows)
  const { choices, floor } = choicesOf(table)
  let best: Filled | undefined
  let least = floor
  for (const { open, bound } of choices) {
    // What a rail's room is worth with some rails shut is a good guess of what it is with others.
    const { cost: beat, prices } = best ?? { cost: Number.POSITIVE_INFINITY, prices: table.cap.map(() => 0) }
    const filled = bound < beat ? fillWithin(table, { open, prices, beat }) : undefined
    least = Math.min(least, Math.max(bound, filled?.least ?? 0)) // not money: a bound in doubles, of which only what is certain is told
    if (filled && filled.cost < beat) best = filled
  }
  invariant(best, 'not to pay is always a choice')
  const costNano = costOf(rails, rows, best.who)
  return {
    places: Array.from(best.who, (place) => (place === rails.length ? undefined : place)),
    costNano,
    leastNano: min(costNano, baseNano + BigInt(Math.ceil(Math.max(least, 0)))), // not money: a cost is whole, so a bound is no less when it is rounded up
    oneByOneNano: costOf(rails, rows, oneByOne(table)),
  }
}

/** By how much each way costs more than its row's cheapest, in doubles, and what the cheapest ways cost together. */
function tableOf(rails: readonly SharedRail[], rows: readonly PlanRow[]): Readonly<{ table: Table; baseNano: NanoUsd }> {
  const column = () => new Float64Array(rows.length)
  const regret = Array.from({ length: rails.length + 1 }, () => column().fill(Number.POSITIVE_INFINITY))
  const takes = Array.from({ length: rails.length + 1 }, column)
  let baseNano = 0n
  for (const [i, { ways, lostNano }] of rows.entries()) {
    let cheapest = lostNano
    for (const way of ways) if (way && way.costNano < cheapest) cheapest = way.costNano
    baseNano += cheapest
    for (const [place, way] of ways.entries()) {
      if (!way || way.costNano >= lostNano) continue
      regret[place]![i] = nearly(way.costNano - cheapest)
      takes[place]![i] = nearly(way.takesNano)
    }
    regret[rails.length]![i] = nearly(lostNano - cheapest)
  }
  const cap = [
    ...rails.map(({ capNano }) => (capNano === undefined ? Number.POSITIVE_INFINITY : nearly(capNano))),
    Number.POSITIVE_INFINITY,
  ]
  const fixed = [...rails.map(({ fixedNano }) => nearly(fixedNano)), 0]
  const perFixed = [...rails.map(({ rowsPerFixed }) => rowsPerFixed), 1]
  return { table: { rows: rows.length, regret, takes, cap, fixed, perFixed }, baseNano }
}

/** Which of the rails with a fixed cost are open, the most hopeful choice first. `floor`: what is certain beside them where not every choice is among them. */
function choicesOf(table: Table): Readonly<{ choices: readonly Choice[]; floor: number }> {
  const priced = table.fixed.flatMap((fixed, place) => (fixed > 0 ? [place] : []))
  const all = priced.length <= CHOSEN_OF
  const shut: (readonly number[])[] = all ? subsetsOf(priced) : [[], ...priced.map((place) => [place]), priced]
  const openBut = (places: readonly number[]) => table.fixed.map((_, place) => !places.includes(place))
  const choices = shut.map((places): Choice => {
    const open = openBut(places)
    return { open, bound: boundOf(table, open) }
  })
  const floor = all ? Number.POSITIVE_INFINITY : boundOf({ ...table, fixed: table.fixed.map(() => 0) }, openBut([]))
  // With all of them open there is soon a plan that the others have to beat.
  const [first, ...others] = choices
  return { choices: [first!, ...others.sort((a, b) => a.bound - b.bound)], floor }
}

function subsetsOf(places: readonly number[]): number[][] {
  return Array.from({ length: 2 ** places.length }, (_, bits) => places.filter((_, bit) => (bits >> bit) & 1))
}

/** What the cheapest open ways cost: with each fixed cost once, or with a share of it on each row, whichever is more. Both are no more than what is true. */
function boundOf(table: Table, open: readonly boolean[]): number {
  const { rows, fixed, perFixed } = table
  const opened = fixed.reduce((sum, cost, place) => (open[place] ? sum + cost : sum), 0)
  const once = cheapestOf(table, { open }).least + opened
  if (!fixed.some((cost, place) => open[place] && cost > 0 && perFixed[place]! < rows)) return once
  const shares = fixed.map((cost, place) => cost / perFixed[place]!)
  return Math.max(once, cheapestOf(table, { open, shares }).least) // not money: a bound
}

/** Each in its turn by what is cheapest for it alone, where there is room. */
function oneByOne({ rows, regret, takes, cap }: Table): Uint8Array {
  const who = new Uint8Array(rows)
  const left = [...cap]
  for (let i = 0; i < rows; i++) {
    let best = regret.length - 1
    for (let place = 0; place < left.length; place++)
      if (regret[place]![i]! < regret[best]![i]! && takes[place]![i]! <= left[place]!) best = place
    left[best]! -= takes[best]![i]!
    who[i] = best
  }
  return who
}

/** What a choice costs, exactly. */
function costOf(rails: readonly SharedRail[], rows: readonly PlanRow[], who: Uint8Array): NanoUsd {
  const counts = rails.map(() => 0n)
  let cost = 0n
  for (const [i, { ways, lostNano }] of rows.entries()) {
    const place = who[i]!
    cost += ways[place]?.costNano ?? lostNano
    if (place < rails.length) counts[place]!++
  }
  return rails.reduce((sum, { fixedNano, rowsPerFixed }, place) => sum + fixedNano * ceilDiv(counts[place]!, BigInt(rowsPerFixed)), cost)
}
