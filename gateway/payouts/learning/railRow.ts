import { max, min } from '../../money/integers.ts'
import { type Calibration, NO_CALIBRATION, withTry } from './calibration.ts'
import type { OpenTry } from './openTries.ts'
import { EMPTY_SKETCH, quantileMs, type TimeSketch, withTime } from './timeSketch.ts'

/**
 * What is known of a rail and asset beside its cell: its usual word for the chance and how many words that is of, how long what was paid and what failed
 * took (`halfMs`: half of what was paid took at most so long, which is endless while nothing was), and how good the chances were.
 */
export type RailRow = Readonly<{
  word: number
  words: number
  paid: TimeSketch
  failed: TimeSketch
  halfMs: number
  calibration: Calibration
}>

/** The usual word of a rail follows its last hundred words. */
const WORDS_MAX = 100

export const NEW_ROW: RailRow = {
  word: 0,
  words: 0,
  paid: EMPTY_SKETCH,
  failed: EMPTY_SKETCH,
  halfMs: Number.POSITIVE_INFINITY,
  calibration: NO_CALIBRATION,
}

/** The row with one more try that has ended, at a time by the rail's clock, which may differ from ours. */
export function withEnd(row: RailRow, tried: OpenTry, o: Readonly<{ paid: boolean; endedAt: number }>): RailRow {
  const ms = max(o.endedAt - tried.at, 0)
  const words = min(row.words + 1, WORDS_MAX)
  const paid = o.paid ? withTime(row.paid, ms) : row.paid
  return {
    word: row.word + (tried.word - row.word) / words,
    words,
    paid,
    failed: o.paid ? row.failed : withTime(row.failed, ms),
    halfMs: o.paid ? (quantileMs(paid, 500) ?? row.halfMs) : row.halfMs,
    calibration: withTry(row.calibration, { chance: tried.chance, word: tried.word, paid: o.paid }),
  }
}
