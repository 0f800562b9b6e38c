import { expect, test } from 'vitest'
import { EACH_MINUTE, EACH_PAYMENT, type Forecast, forecastOf, NEW_TAPE, type Tape, type TapeKind, withPrice } from './tape.ts'

const MINUTE_MS = 60_000

/** Uniform numbers from 0 to below 1; the same seed gives the same (mulberry32). */
function uniformOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

function normalOf(uniform: () => number): () => number {
  return () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6)
}

/** Base fees minute by minute by the rule of EIP-1559: demand that drifts, falls as prices rise, and jumps now and then. */
function* baseFees(seed: number): Generator<number> {
  const uniform = uniformOf(seed)
  const normal = normalOf(uniform)
  let [fee, drift, rush] = [10e9, 0, 0]
  for (;;) {
    if (uniform() < 1 / 300) rush = 1.5 * uniform()
    for (let block = 0; block < 5; block++) {
      drift = 0.99 * drift + 0.05 * normal()
      rush *= 0.985
      const used = Math.min(2, Math.exp(drift + rush) * (fee / 10e9) ** -0.7)
      fee = Math.max(1, fee * (1 + (used - 1) / 8))
    }
    yield fee
  }
}

function seen(prices: Iterable<number>, o: Readonly<{ count: number; kind: TapeKind; everyMs: number }>): Tape {
  let [tape, n] = [NEW_TAPE, 0]
  for (const price of prices) {
    if (n++ === o.count) break
    tape = withPrice(tape, price, { at: n * o.everyMs, kind: o.kind })
  }
  return tape
}

const within = ({ grade }: Forecast) => grade.within.map((sum) => sum / grade.prices)

test('over a day and a half of blocks each bound holds as often as it says, and is nearer than the last price', () => {
  for (const seed of [1, 2]) {
    const forecast = forecastOf(seen(baseFees(seed), { count: 2_000, kind: EACH_MINUTE, everyMs: MINUTE_MS }), EACH_MINUTE)!
    const [low, middle, high] = within(forecast)
    expect(low).toBeGreaterThan(0.05)
    expect(low).toBeLessThan(0.15)
    expect(middle).toBeGreaterThan(0.42)
    expect(middle).toBeLessThan(0.58)
    expect(high).toBeGreaterThan(0.85)
    expect(high).toBeLessThan(0.95)
    expect(forecast.grade.loss).toBeLessThan(forecast.grade.lossOfLast)
  }
})

test('fees of payments keep their bounds when the node raises them all at once', () => {
  const normal = normalOf(uniformOf(3))
  function* fees(): Generator<number> {
    for (let n = 0; ; n++) yield (n < 1_000 ? 300 : 900) * Math.exp(0.6 * normal())
  }
  const before = seen(fees(), { count: 1_000, kind: EACH_PAYMENT, everyMs: 10_000 })
  const after = seen(fees(), { count: 2_000, kind: EACH_PAYMENT, everyMs: 10_000 })
  const forecast = forecastOf(after, EACH_PAYMENT)!
  const [low, , high] = within(forecast)
  expect(low).toBeGreaterThan(0.07)
  expect(low).toBeLessThan(0.13)
  expect(high).toBeGreaterThan(0.87)
  expect(high).toBeLessThan(0.93)
  expect(forecast.bounds[1]! / forecastOf(before, EACH_PAYMENT)!.bounds[1]!).toBeGreaterThan(2)
})

test('nothing is foretold before enough was seen, and a price that stands still is foretold as it stands', () => {
  expect(forecastOf(seen(baseFees(1), { count: 119, kind: EACH_MINUTE, everyMs: MINUTE_MS }), EACH_MINUTE)).toBeUndefined()
  const still = forecastOf(seen(new Array(300).fill(50), { count: 300, kind: EACH_MINUTE, everyMs: MINUTE_MS }), EACH_MINUTE)!
  for (const bound of still.bounds) expect(bound).toBeCloseTo(50)
})

test('after a while without a price the forecasts before it are graded by nothing, and room stays bounded', () => {
  const tape = seen(baseFees(1), { count: 500, kind: EACH_MINUTE, everyMs: MINUTE_MS })
  expect(tape.followed).toHaveLength(EACH_MINUTE.ahead)
  const late = withPrice(tape, 1e12, { at: tape.at + 60 * MINUTE_MS, kind: EACH_MINUTE })
  expect(late.followed).toHaveLength(1)
  expect(late.grade).toEqual(tape.grade)
  expect(late.moves).toEqual(tape.moves)
})
