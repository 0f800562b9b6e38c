import { max, min } from '../../money/integers.ts'

/** How prices have moved against the price that they were foretold from: counts by the logarithm of their ratio, in steps of four hundredths. */
export type Moves = readonly number[]

const STEP = 0.04
/** Steps to either side: from a fiftieth of it to fifty times it, and the ends hold what is beyond. */
const REACH = 100

export const NO_MOVES: Moves = new Array<number>(2 * REACH + 1).fill(0)

/** The moves with these ones more; when there are more than so many all are halved, so that what was long ago weighs less. */
export function withMoves(moves: Moves, logs: readonly number[], most: number): Moves {
  if (logs.length === 0) return moves
  const next = moves.slice()
  if (movesIn(moves) >= most) for (let i = 0; i < next.length; i++) next[i]! /= 2
  for (const log of logs) next[placeOf(log)]! += 1
  return next
}

export function movesIn(moves: Moves): number {
  let sum = 0
  // Most are none, and an addition waits for the one before it.
  for (let i = 0; i < moves.length; i++) if (moves[i] !== 0) sum += moves[i]!
  return sum
}

/** All of several as one. */
export function together(all: readonly Moves[]): Moves {
  return all.length === 1 ? all[0]! : NO_MOVES.map((_, i) => all.reduce((sum, moves) => sum + moves[i]!, 0))
}

/** For each of these shares the move that so many of them do not exceed, as a logarithm; 0 when there are none. `count`: how many moves they are. */
export function movesAt(moves: Moves, count: number, shares: readonly number[]): number[] {
  const places = new Array<number>(shares.length).fill(-1)
  let [within, last, wanting] = [0, REACH, shares.length]
  for (let i = 0; i < moves.length && wanting > 0; i++) {
    if (moves[i] === 0) continue
    last = i
    within += moves[i]!
    for (let s = 0; s < shares.length; s++)
      if (places[s]! < 0 && within >= count * shares[s]!) {
        places[s] = i
        wanting--
      }
  }
  return places.map((place) => ((place < 0 ? last : place) - REACH) * STEP)
}

function placeOf(log: number): number {
  return max(0, min(2 * REACH, Math.round(log / STEP) + REACH)) // not money: a place
}
