import { max } from '../../money/integers.ts'
import { EACH_PAYMENT, NEW_TAPE, type Tape, withPrice } from '../forecast/tape.ts'
import { type FeeFit, feeBy, fitOf } from './feeLine.ts'
import { feesIn, type Kept, paceIn, withMet } from './kept.ts'
import type { Measured, OpenTry } from './openTries.ts'
import { railKey, type Way } from './way.ts'

const SECOND_MS = 1_000
const PPM = 1_000_000
/** So often at most a payment is put on the tape: an hour of them is enough to foretell the next, and a rail in haste learns as cheaply as before. */
const TAPE_EVERY_MS = 10_000

type Rail = Pick<Way, 'rail' | 'to'>

/** How rails keep to their word of time and of fee, by the payments that were paid. */
export function createKeeping() {
  const kept = new Map<string, Kept>()
  const tapes = new Map<string, Tape>()
  const of = (way: Rail): Kept => kept.get(railKey(way)) ?? []

  return {
    table: kept,
    /** What was taken of payments one after the other, in millionths, by rail and asset. */
    tapes,
    /** One more that was paid. `endedAt` is by the rail's clock (ms), `fee` what the rail took. */
    paid(tried: OpenTry, { at, endedAt, fee }: Readonly<{ at: number; endedAt: number; fee?: Measured }>): void {
      const { owner, rail, seconds, amount } = tried
      const pace = seconds === undefined ? undefined : max(endedAt - tried.at, 0) / SECOND_MS / max(seconds, 1)
      const told = fee && fee.asset === amount?.asset ? { amount: amount.units, fee: fee.units } : undefined
      if (pace !== undefined || told) kept.set(rail, withMet(kept.get(rail) ?? [], { owner, at, pace, fee: told }))
      const tape = tapes.get(rail) ?? NEW_TAPE
      if (told && at - tape.at >= TAPE_EVERY_MS) {
        // What took nothing is written as one millionth: a tape has logarithms.
        const sharePpm = max((told.fee / max(told.amount, 1)) * PPM, 1)
        tapes.set(rail, withPrice(tape, sharePpm, { at, kind: EACH_PAYMENT }))
      }
    },
    /** How often the seconds that its rail says this party may expect to wait. */
    pace: (way: Rail, owner: string): number => paceIn(of(way), owner),
    /** What this party may expect to be charged for so many units, in units of the same asset; undefined where that is not known well. */
    fee: (way: Rail, { owner, units }: Readonly<{ owner: string; units: number }>): number | undefined =>
      feeBy(feesIn(of(way), owner), units),
    /** What is known of a rail's fees by this party; undefined where the rail never told one. */
    feeFit(way: Rail, owner: string): FeeFit | undefined {
      const line = feesIn(of(way), owner)
      return line.n === 0 ? undefined : fitOf(line)
    },
  }
}
