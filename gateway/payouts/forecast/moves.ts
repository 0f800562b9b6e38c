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
  const scale = movesIn(moves) >= most ? 0.5 : 1
  const next = moves.map((count) => count * scale)
  for (const log of logs) next[placeOf(log)]! += 1
  return next
}

export function movesIn(moves: Moves): number {
  let sum = 0
  for (const count of moves) sum += count
  return sum
}

/** All of several as one. */
export function together(all: readonly Moves[]): Moves {
  return all.length === 1 ? all[0]! : NO_MOVES.map((_, i) => all.reduce((sum, moves) => sum + moves[i]!, 0))
}

/** The move that this share of them does not exceed, as a logarithm; 0 when there are none. */
export function moveAt(moves: Moves, share: number): number {
  const wanted = movesIn(moves) * share
  let within = 0
  let last = REACH
  for (let i = 0; i < moves.length; i++) {
    const count = moves[i]!
    if (count === 0) continue
    last = i
    within += count
    if (within >= wanted) break
  }
  return (last - REACH) * STEP
}

function placeOf(log: number): number {
  return max(0, min(2 * REACH, Math.round(log / STEP) + REACH)) // not money: a place
}
