import { max } from '../../money/integers.ts'
import { type Calibration, NO_CALIBRATION, withTry } from './calibration.ts'
import type { OpenTry } from './openTries.ts'
import { EMPTY_SKETCH, quantileMs, type TimeSketch, withTime } from './timeSketch.ts'
import { type Words, withWord } from './words.ts'

/**
 * What is known of a rail and asset beside its cell: what it said of the chance, how long what was paid and what failed took (`halfMs`: half of what was paid
 * took at most so long, which is endless while nothing was), and how good the chances were.
 */
export type RailRow = Readonly<{
  words: Words
  paid: TimeSketch
  failed: TimeSketch
  halfMs: number
  calibration: Calibration
}>

export const NEW_ROW: RailRow = {
  words: [],
  paid: EMPTY_SKETCH,
  failed: EMPTY_SKETCH,
  halfMs: Number.POSITIVE_INFINITY,
  calibration: NO_CALIBRATION,
}

/** The row with one more try that has ended, at a time by the rail's clock, which may differ from ours. */
export function withEnd(row: RailRow, tried: OpenTry, o: Readonly<{ paid: boolean; at: number; endedAt: number }>): RailRow {
  const ms = max(o.endedAt - tried.at, 0)
  const paid = o.paid ? withTime(row.paid, ms) : row.paid
  return {
    words: withWord(row.words, { owner: tried.owner, at: o.at, word: tried.word }),
    paid,
    failed: o.paid ? row.failed : withTime(row.failed, ms),
    halfMs: o.paid ? (quantileMs(paid, 500) ?? row.halfMs) : row.halfMs,
    calibration: withTry(row.calibration, { chance: tried.chance, word: tried.word, paid: o.paid }),
  }
}
