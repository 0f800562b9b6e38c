import { max } from '../../money/integers.ts'

/** A run of outcomes since a sum of deviations last was zero: how far it has gone, and what it counted. */
type Run = Readonly<{ sum: number; paid: number; failed: number }>

/** Outcomes of one party in one cell, older ones weighing less. `at` is when the weights held (ms). `falls` and `rises` watch for a change. */
export type Slot = Readonly<{ owner: string; at: number; paid: number; failed: number; falls: Run; rises: Run }>

/** After so long an outcome weighs half: what was learned of a day on which nothing is tried fades into what the rail itself says. */
const HALF_LIFE_MS = 12 * 3_600_000
/** More than so many outcomes are no surer, and slower to see a drift: the weights are scaled down to it. */
const WEIGHT_MAX = 1_000
/** A run of outcomes that are so much worse than expected, beyond a tenth each, is a change and no chance: about five refusals in a row of a good rail. */
const CHANGE = 6
const SLACK = 0.15
const EMPTY: Run = { sum: 0, paid: 0, failed: 0 }

export function emptySlot(owner: string, at: number): Slot {
  return { owner, at, paid: 0, failed: 0, falls: EMPTY, rises: EMPTY }
}

/** What is left of a weight after a time: half a half-life is linear, so that every machine comes to the same number. */
export function faded(weight: number, ms: number): number {
  let left = weight
  let rest = ms > 0 ? ms : 0
  for (; rest >= HALF_LIFE_MS; rest -= HALF_LIFE_MS) {
    left /= 2
    if (left < 1e-6) return 0
  }
  return left * (1 - rest / (2 * HALF_LIFE_MS))
}

/** One more outcome: `count` is 1, or a half where it may speak of something else. */
export type Outcome = Readonly<{ paid: boolean; at: number; count: number }>

/** The slot with one more outcome. `expected` is the chance that was reckoned with before it. */
export function withOutcome(slot: Slot, o: Outcome & Readonly<{ expected: number }>): Slot {
  const at = max(slot.at, o.at)
  const result = o.paid ? 1 : 0
  const falls = runOn(slot.falls, o, o.expected - result - SLACK)
  const rises = runOn(slot.rises, o, result - o.expected - SLACK)
  if (falls.sum > CHANGE || rises.sum > CHANGE)
    return afterChange(
      { owner: slot.owner, at, paid: slot.paid, failed: slot.failed, falls, rises },
      falls.sum > CHANGE ? 'falls' : 'rises',
    )
  const ms = at - slot.at
  const [paid, failed] = [faded(slot.paid, ms) + (o.paid ? o.count : 0), faded(slot.failed, ms) + (o.paid ? 0 : o.count)]
  const scale = paid + failed > WEIGHT_MAX ? WEIGHT_MAX / (paid + failed) : 1
  return { owner: slot.owner, at, paid: paid * scale, failed: failed * scale, falls, rises }
}

/** The slot when this run was a change: what came before it speaks of another rail. What has no such run is believed a tenth. */
export function afterChange(slot: Slot, which: 'falls' | 'rises'): Slot {
  const { owner, at, [which]: run } = slot
  const [paid, failed] = run.sum > 0 ? [run.paid, run.failed] : [slot.paid / 10, slot.failed / 10]
  return { owner, at, paid, failed, falls: EMPTY, rises: EMPTY }
}

function runOn(run: Run, { paid, count }: Outcome, deviation: number): Run {
  const sum = run.sum + deviation * count
  return sum <= 0 ? EMPTY : { sum, paid: run.paid + (paid ? count : 0), failed: run.failed + (paid ? 0 : count) }
}
