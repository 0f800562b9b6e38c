import { max, min } from '../../money/integers.ts'
import { type Moves, movesAt, movesIn, NO_MOVES, together, withMoves } from './moves.ts'

/** The shares of prices that a forecast says a bound for: a low one, the middle, and a high one. */
const SHARES = [0.1, 0.5, 0.9] as const

/**
 * What is foretold. `ahead`: of how many of the prices to come a forecast speaks; `from`: it is a move from the last price, or from the slow average of all;
 * `first`: how many prices it takes until one is made; `gapMs`: after so long without a price those before it are followed no more, where time matters.
 */
export type TapeKind = Readonly<{ ahead: number; from: 'last' | 'slow'; first: number; gapMs: number }>

/** Once a minute, foretold for an hour. */
export const EACH_MINUTE: TapeKind = { ahead: 60, from: 'last', first: 120, gapMs: 5 * 60_000 }
/** Once a payment, foretold for the next one. */
export const EACH_PAYMENT: TapeKind = { ahead: 1, from: 'slow', first: 30, gapMs: Number.POSITIVE_INFINITY }

/** A forecast that prices still come to: the logarithms of what it started from, of the price then, and of its bounds where it had such. */
type Followed = Readonly<{ from: number; price: number; regime: number; bounds?: readonly number[] }>
/** How good forecasts were: of how many prices, the share of them within each bound, and sums of pinball losses, ours and of saying the last price. */
type Grade = Readonly<{ prices: number; within: readonly number[]; loss: number; lossOfLast: number }>

/** One price as it went: all that a forecast is made of, in bounded room. Logarithms of prices; `shifts` correct the shares by what was met. */
export type Tape = Readonly<{
  at: number
  seen: number
  last: number
  slow: number
  followed: readonly Followed[]
  moves: readonly Moves[]
  shifts: readonly number[]
  grade: Grade
}>

/** The price now, its bounds for what comes, and how good such bounds were; `undefined` until enough was seen. Prices in the unit that they came in. */
export type Forecast = Readonly<{ now: number; bounds: readonly number[]; grade: Grade }>

/** Prices fall back after a rise and rise after a fall: moves are counted apart where the last one was so far below or above the slow average. */
const REGIMES = 3
const FAR = 0.2
const SLOW = 1 / 60
/** Until a regime has met ten times what one forecast meets, it is foretold by all of them together. */
const REGIME_FORECASTS = 10
/** Moves of a day of minutes; of payments a thousand. */
const MOVES_MAX = (kind: TapeKind) => (kind.ahead === 1 ? 1_000 : 1_440 * kind.ahead)
const GRADED_MAX = 10_000
/** How fast a share is corrected by what was met; slower where one price is met by many forecasts (adaptive conformal inference). */
const CORRECTED_BY = (kind: TapeKind) => (kind.ahead === 1 ? 0.02 : 0.002)
const LEAST_SHARE = 0.005

export const NEW_TAPE: Tape = {
  at: 0,
  seen: 0,
  last: 0,
  slow: 0,
  followed: [],
  moves: new Array<Moves>(REGIMES).fill(NO_MOVES),
  shifts: SHARES.map(() => 0),
  grade: { prices: 0, within: SHARES.map(() => 0), loss: 0, lossOfLast: 0 },
}

/** The tape with one more price, above zero, at a time (ms): it grades the forecasts that speak of it, teaches the next, and one more is followed. */
export function withPrice(tape: Tape, price: number, { at, kind }: Readonly<{ at: number; kind: TapeKind }>): Tape {
  const log = Math.log(price) // not money: what a bound is reckoned with
  const followed = at - tape.at > kind.gapMs ? [] : tape.followed
  const met = metBy(followed, log)
  const following = followed.length < kind.ahead ? followed.slice() : followed.slice(1 + followed.length - kind.ahead)
  const next: Tape = {
    at,
    seen: tape.seen + 1,
    last: log,
    slow: tape.seen === 0 ? log : tape.slow + (log - tape.slow) * max(SLOW, 1 / (tape.seen + 1)),
    followed: following,
    moves: movesAfter(tape.moves, followed, { log, most: MOVES_MAX(kind) }),
    shifts: met ? shiftedBy(tape.shifts, met.within, CORRECTED_BY(kind)) : tape.shifts,
    grade: met ? graded(tape.grade, met) : tape.grade,
  }
  const bounds = boundsOf(next, kind)
  const newest = { from: startOf(next, kind), price: log, regime: regimeOf(next, kind) }
  following.push(bounds ? { from: newest.from, price: log, regime: newest.regime, bounds } : newest)
  return next
}

/** What a price is to the forecasts with bounds that speak of it: the share of them within each bound, and their mean losses. */
type Met = Readonly<{ within: readonly number[]; loss: number; lossOfLast: number }>

function metBy(followed: readonly Followed[], log: number): Met | undefined {
  const within = [0, 0, 0]
  let [count, loss, lossOfLast] = [0, 0, 0]
  for (const { bounds, price } of followed) {
    if (!bounds) continue
    count++
    for (let i = 0; i < SHARES.length; i++) {
      if (log <= bounds[i]!) within[i]! += 1
      loss += pinball(log - bounds[i]!, SHARES[i]!)
      lossOfLast += pinball(log - price, SHARES[i]!)
    }
  }
  if (count === 0) return undefined
  for (let i = 0; i < SHARES.length; i++) within[i]! /= count
  const each = count * SHARES.length
  return { within, loss: loss / each, lossOfLast: lossOfLast / each }
}

/** Shares that were met too seldom or too often, a step nearer to what they say. */
function shiftedBy(shifts: readonly number[], within: readonly number[], step: number): readonly number[] {
  const next = shifts.slice()
  for (let i = 0; i < SHARES.length; i++) next[i]! += step * (SHARES[i]! - within[i]!)
  return next
}

function movesAfter(
  known: Tape['moves'],
  followed: readonly Followed[],
  { log, most }: Readonly<{ log: number; most: number }>,
): Tape['moves'] {
  const next = known.slice()
  for (let regime = 0; regime < next.length; regime++) {
    const logs: number[] = []
    for (const one of followed) if (one.regime === regime) logs.push(log - one.from)
    next[regime] = withMoves(next[regime]!, logs, most)
  }
  return next
}

/** What comes, by all that the tape has seen. */
export function forecastOf(tape: Tape, kind: TapeKind): Forecast | undefined {
  const bounds = boundsOf(tape, kind)
  if (!bounds) return undefined
  const price = (log: number) => Math.exp(log) // not money: a price that is expected
  return { now: price(tape.last), bounds: bounds.map(price), grade: tape.grade }
}

function boundsOf(tape: Tape, kind: TapeKind): readonly number[] | undefined {
  if (tape.seen < kind.first) return undefined
  const here = tape.moves[regimeOf(tape, kind)]!
  const met = movesIn(here)
  const isEnough = met >= REGIME_FORECASTS * kind.ahead * (kind.ahead === 1 ? 3 : 1)
  const moves = isEnough ? here : together(tape.moves)
  const from = startOf(tape, kind)
  const shares = tape.shifts.slice()
  for (let i = 0; i < SHARES.length; i++) shares[i] = max(LEAST_SHARE, min(SHARES[i]! + tape.shifts[i]!, 1 - LEAST_SHARE))
  const bounds = movesAt(moves, isEnough ? met : movesIn(moves), shares)
  for (let i = 0; i < bounds.length; i++) bounds[i]! += from
  return bounds
}

function startOf({ last, slow }: Tape, { from }: TapeKind): number {
  return from === 'last' ? last : slow
}

function regimeOf({ last, slow }: Tape, { from }: TapeKind): number {
  if (from === 'slow') return 0
  return last < slow - FAR ? 0 : last > slow + FAR ? 2 : 1
}

function graded(grade: Grade, met: Met): Grade {
  const scale = grade.prices >= GRADED_MAX ? 0.5 : 1
  const within = grade.within.slice()
  for (let i = 0; i < within.length; i++) within[i] = within[i]! * scale + met.within[i]!
  return {
    prices: grade.prices * scale + 1,
    within,
    loss: grade.loss * scale + met.loss,
    lossOfLast: grade.lossOfLast * scale + met.lossOfLast,
  }
}

/** What a bound costs that was missed by so much: least where it is the quantile that it says. */
function pinball(missed: number, share: number): number {
  return missed >= 0 ? missed * share : -missed * (1 - share)
}
