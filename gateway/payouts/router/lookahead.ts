import type { NanoUsd } from '../../costs/policy.ts'
import { ceilDiv } from '../../money/integers.ts'
import { ALL_REASONS, mayTell, ppmLeft, type Telling } from '../learning/families.ts'
import { bestOrderNear, isBeyond, type KnownTries, type Lost, SCALE, type Try } from './bestOrder.ts'
import { type NearTries, nearOrder } from './nearly.ts'
import { isUnrelated, kinAmong, type Relatives } from './relatives.ts'

const PPM = 1_000_000
const ALL = BigInt(ALL_REASONS)
/** Looking ahead ends after so many steps of its inner loops, about a millisecond: beyond it an order is chosen that is made anew after a failure. */
const WORK_MAX = 60_000
/** So many of those are one step whose cost is summed in integers, where two plans are too near for doubles: ways that are alike make many of them. */
const EXACT_WORK = 50

/**
 * A try, and what follows on it when it fails, by what its reason may tell; `after` is undefined where nothing is worth trying any more. The first branch is of
 * reasons that say nothing of the ways behind. `near`: what all is expected to cost from here on, in nano-USD. `way`: its place among the ways.
 */
export type Step = Readonly<{ way: number; chance: number; near: number; next: () => readonly Branch[] }>
type Branch = Readonly<{ share: number; after: Step | undefined }>

/** Ways of which some are related, at most `max` tries, and what not paying costs. */
export type Question = Readonly<{ tries: KnownTries; relatives: Relatives; lost: Lost; max: number }>
/** The ways that are left, the chance of each way by now, and how many tries. */
type Now = Readonly<{ ways: readonly number[]; chance: readonly number[]; left: number }>
/** A way to try first. `branches`: what its failure may tell, and the least that all costs then; `least` is of the whole, and `isSure` where it is that. */
type Row = Readonly<{ way: number; branches: readonly Told[]; least: number; isSure: boolean }>
type Told = Readonly<{ share: number; now: Now; least: number }>

/**
 * The plan that costs least to expect when the odds of relatives change after each failure, as `mayTell` has it, and the next try is chosen by what it told: by
 * trying every way first, and the best plan of what is left after each. What is left costs no less than it would if failures told nothing more, because they
 * only take chances away; so a way that is dearer even so is not followed. Doubles search, and integers decide where those leave a doubt. Of equals the earlier
 * way. Where that takes too much work, it is the best order that differs from `bestOrder` by its first way at most, and is not said to be the best plan.
 */
export function lookAhead(question: Question): Readonly<{ plan: Step | undefined; isBest: boolean }> {
  const { tries, lost, max } = question
  const { chance } = tries.near
  const search = createSearch(question)
  const plan = search.best({ ways: chance.map((_, i) => i), chance, left: max })
  if (!search.isSpent()) return { plan, isBest: true }
  return { plan: bestFollowed(question, bestOrderNear(tries, lost, max)), isBest: false }
}

function createSearch(question: Question) {
  const { tries, relatives, lost } = question
  const { near } = tries
  const ifUntold = createUntold(near, lost)
  const known = new Map<Step, bigint>()
  const isSpent = () => ifUntold.work() + known.size * EXACT_WORK > WORK_MAX

  /** Undefined, besides where nothing is worth trying, where there is too much work. */
  function best(now: Now): Step | undefined {
    const { ways, left } = now
    if (left === 0 || isSpent()) return undefined
    if (left > 1 && isUnrelated(relatives, ways)) return chainOf(question, now)
    const rows = ways.map((way) => rowOf(way, now)).sort((a, b) => a.least - b.least || a.way - b.way)
    let found: Step | undefined
    const looked: Row[] = []
    for (const row of rows) {
      const most = found?.near ?? lost.near
      if (nearOrder(row.least, most) > 0) break
      if (looked.some(({ way, least }) => least === row.least && areAlike(question, now, [way, row.way]))) continue
      looked.push(row)
      const step = row.isSure ? sureStep(row, now) : tried(row, now, most)
      if (step && isBetter(step, found, left)) found = step
    }
    return found
  }

  function rowOf(way: number, { ways, chance, left }: Now): Row {
    const rest = ways.filter((other) => other !== way)
    const tellings = left === 1 ? [NOTHING_TOLD] : mayTell(relatives.kinds[way]!, kinAmong(relatives, way, rest))
    let behind = 0
    const branches = tellings.map((telling): Told => {
      const now = { ways: rest, chance: chanceAfter(relatives, way, { telling, rest, chance }), left: left - 1 }
      const least = ifUntold.least(now)
      behind += telling.share * least
      return { share: telling.share, now, least }
    })
    const isSure = left <= 2 || isUnrelated(relatives, rest)
    return { way, branches, least: costBefore(near, way, { chance: chance[way]!, behind: behind / ALL_REASONS }), isSure }
  }

  function sureStep({ way, branches, least }: Row, { chance }: Now): Step {
    return { way, chance: chance[way]!, near: least, next: once(() => branches.map(({ share, now }) => ({ share, after: best(now) }))) }
  }

  /** This way first and then the best; undefined as soon as that is sure to cost more than `most`. */
  function tried({ way, branches }: Row, { chance }: Now, most: number): Step | undefined {
    const next: Branch[] = []
    let behind = branches.reduce((sum, { share, least }) => sum + share * least, 0)
    for (const { share, now, least } of branches) {
      const after = best(now)
      next.push({ share, after })
      behind += share * ((after?.near ?? lost.near) - least)
      if (nearOrder(costBefore(near, way, { chance: chance[way]!, behind: behind / ALL_REASONS }), most) > 0) return undefined
    }
    return stepOf(near, way, { chance: chance[way]!, next, lost })
  }

  function isBetter(step: Step, found: Step | undefined, left: number): boolean {
    const order = nearOrder(step.near, found?.near ?? lost.near)
    if (order !== 0) return order < 0
    const exactly = (one: Step | undefined) => exactCostOf(one, { left, tryAt: tries.exactAt, lost: lost.exact, known })
    const [own, other] = [exactly(step), exactly(found)]
    return own < other || (own === other && found !== undefined && step.way < found.way)
  }

  return { best, isSpent }
}

/** True where one may stand for the other in every plan: their terms and chances are the same, and so is how they are related to what is left. */
function areAlike({ tries, relatives: { kinds, between } }: Question, { ways, chance }: Now, [a, b]: readonly [number, number]): boolean {
  if (chance[a] !== chance[b] || kinds[a] !== kinds[b]) return false
  const [own, other] = [tries.exactAt(a), tries.exactAt(b)]
  if (own.onSuccess !== other.onSuccess || own.onFailure !== other.onFailure) return false
  return ways.every((way) => way === a || way === b || between[a]![way] === between[b]![way])
}

/** The best order of ways that tell nothing of one another. */
function chainOf({ tries, lost }: Question, { ways, chance, left }: Now): Step | undefined {
  const { near } = tries
  const here = (of: readonly number[]) => ways.map((way) => of[way]!)
  const some = {
    near: { chance: here(chance), success: here(near.success), failure: here(near.failure) },
    exactAt: (i: number): Try => ({ ...tries.exactAt(ways[i]!), successPpm: BigInt(chance[ways[i]!]!) }),
  }
  let after: Step | undefined
  for (const i of bestOrderNear(some, lost, left).reverse()) {
    const way = ways[i]!
    after = stepOf(near, way, { chance: chance[way]!, next: [{ share: ALL_REASONS, after }], lost })
  }
  return after
}

/** What ways would cost in their best order if failures told nothing of others, as `bestOrder` has it, and how much work it was to find that. */
function createUntold({ chance: { length }, success, failure }: NearTries, lost: Lost) {
  const sorted = new Array<number>(length).fill(0)
  const index = new Array<number>(length).fill(0)
  let work = 0
  return {
    work: () => work,
    least({ ways, chance, left }: Now): number {
      let count = 0
      for (const way of ways) {
        const s = chance[way]!
        if (s === 0) continue
        const own = success[way]! + ((PPM - s) * failure[way]!) / s
        let at = count++
        for (; at > 0 && index[at - 1]! > own; at--) {
          sorted[at] = sorted[at - 1]!
          index[at] = index[at - 1]!
        }
        sorted[at] = way
        index[at] = own
      }
      const best = new Array<number>(left + 1).fill(lost.near)
      while (--count >= 0) {
        const s = chance[sorted[count]!]!
        const cost = s * index[count]!
        for (let k = left; k >= 1; k--) {
          const whole = (cost + (PPM - s) * best[k - 1]!) / PPM
          if (whole < best[k]!) best[k] = whole
        }
      }
      work += ways.length * (left + 1)
      return best[left]!
    },
  }
}

/** What it gives, made when it is asked for first. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

const NOTHING_TOLD: Telling = { share: ALL_REASONS, rail: 100, payee: 100, both: 100 }

/** The plan that tries ways in this order, whatever failures tell. */
export function followed({ tries, relatives, lost }: Question, order: readonly number[]): Step | undefined {
  const from = (at: number, chance: readonly number[]): Step | undefined => {
    const way = order[at]
    if (way === undefined) return undefined
    const rest = order.slice(at + 1)
    const tellings = mayTell(relatives.kinds[way]!, kinAmong(relatives, way, rest))
    const next = tellings.map((telling) => ({
      share: telling.share,
      after: from(at + 1, chanceAfter(relatives, way, { telling, rest, chance })),
    }))
    return stepOf(tries.near, way, { chance: chance[way]!, next, lost })
  }
  return from(0, tries.near.chance)
}

/** The cheapest of this order and those with another way put first, as they are followed. */
function bestFollowed(question: Question, order: readonly number[]): Step | undefined {
  const { tries, lost, max } = question
  const exactly = (step: Step | undefined) => exactCostOf(step, { left: max, tryAt: tries.exactAt, lost: lost.exact })
  let found = followed(question, order)
  let least = exactly(found)
  for (let way = 0; way < tries.near.chance.length; way++) {
    const other = followed(question, [way, ...order.slice(1).filter((behind) => behind !== way)])
    const cost = exactly(other)
    if (cost >= least) continue
    found = other
    least = cost
  }
  return found
}

function chanceAfter(
  { between }: Relatives,
  failed: number,
  { telling, rest, chance }: Readonly<{ telling: Telling; rest: readonly number[]; chance: readonly number[] }>,
): readonly number[] {
  const after = chance.slice()
  for (const way of rest) {
    const kinship = between[failed]![way]
    if (kinship) after[way] = ppmLeft(chance[way]!, telling[kinship])
  }
  return after
}

/** What trying this way and then something that costs `behind` is expected to cost. */
function costBefore(
  { success, failure }: NearTries,
  way: number,
  { chance, behind }: Readonly<{ chance: number; behind: number }>,
): number {
  return (chance * success[way]! + (PPM - chance) * (failure[way]! + behind)) / PPM
}

function stepOf(
  near: NearTries,
  way: number,
  { chance, next, lost }: Readonly<{ chance: number; next: readonly Branch[]; lost: Lost }>,
): Step {
  let behind = 0
  for (const { share, after } of next) behind += share * (after?.near ?? lost.near)
  return { way, chance, next: () => next, near: costBefore(near, way, { chance, behind: behind / ALL_REASONS }) }
}

type Exactly = Readonly<{
  left: number
  tryAt: (way: number) => Pick<Try, 'onSuccess' | 'onFailure'>
  lost: NanoUsd
  /** What steps of one search cost, each of which has so many tries left in all of it. */
  known?: Map<Step, bigint>
}>

/** The exact expected cost of a plan of at most `left` tries, as an integer over (10^6 * `ALL_REASONS`)^left nano-USD. */
export function exactCostOf(step: Step | undefined, o: Exactly): bigint {
  if (!step) return o.lost * scaleOf(o.left)
  const before = o.known?.get(step)
  if (before !== undefined) return before
  const { onSuccess, onFailure } = o.tryAt(step.way)
  const paid = BigInt(step.chance)
  const failed = SCALE[1]! - paid
  let behind = 0n
  for (const { share, after } of step.next()) if (share > 0) behind += BigInt(share) * exactCostOf(after, { ...o, left: o.left - 1 })
  const cost = (paid * onSuccess + failed * onFailure) * ALL * scaleOf(o.left - 1) + failed * behind
  o.known?.set(step, cost)
  return cost
}

/** The same in nano-USD, rounded up. */
export function expectedOf({ tries, lost, max }: Question, step: Step | undefined): NanoUsd {
  return ceilDiv(exactCostOf(step, { left: max, tryAt: tries.exactAt, lost: lost.exact }), scaleOf(max))
}

const SCALES = SCALE.map((scale, tries) => scale * ALL ** BigInt(tries))

function scaleOf(tries: number): bigint {
  return SCALES[tries]!
}

/** The ways that are tried one after the other while failures say nothing of those behind. */
export function orderOf(step: Step | undefined): number[] {
  const order: number[] = []
  for (let at = step; at; at = at.next()[0]?.after) order.push(at.way)
  return order
}

/**
 * Ways outside this order that a failure in it may tell of, but for what no plan tries: it may have been chosen with them in mind, so that it is made anew when
 * they become worse too.
 */
export function asideOf({ tries, relatives, lost }: Question, order: readonly number[]): number[] {
  const isTold = (way: number) => !order.includes(way) && order.some((tried) => relatives.between[tried]![way])
  return tries.near.chance.flatMap((_, way) => (isTold(way) && !isBeyond(tries, way, lost) ? [way] : []))
}
