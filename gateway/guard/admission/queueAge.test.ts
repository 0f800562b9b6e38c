import { expect, test } from 'vitest'
import { createQueueAge } from './queueAge.ts'

/**
 * An event loop for `forMs`: each turn reads all that arrived since the last and begins what is taken; the rest of that work is done in the turn after. A
 * refusal costs a tenth of a whole request. `gapMs` is asked how long after the one that arrived at a time (ms since the begin) the next arrives.
 */
function run(o: { workMs: number; gapMs: (atMs: number) => number; forMs: number }) {
  const time = { ms: 1_000_000 }
  const begin = time.ms
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 16, onRefused: () => undefined })
  const taken: { tookMs: number; afterMs: number }[] = []
  const refused: number[] = []
  let [arrivesAt, turnMs, begun] = [begin, 0, [] as number[]]
  while (time.ms < begin + o.forMs) {
    const [beganAt, open] = [time.ms, begun]
    begun = []
    for (; arrivesAt <= beganAt; arrivesAt += o.gapMs(arrivesAt - begin)) {
      if (queue.isTooOld(time.ms - beganAt, turnMs)) {
        refused.push(arrivesAt - begin)
        time.ms += o.workMs / 10
      } else {
        begun.push(arrivesAt)
        time.ms += o.workMs / 4
      }
    }
    for (const arrivedAt of open) {
      time.ms += (o.workMs * 3) / 4
      taken.push({ tookMs: time.ms - arrivedAt, afterMs: arrivedAt - begin })
    }
    turnMs = time.ms - beganAt
    if (begun.length > 0 || arrivesAt <= time.ms) continue
    turnMs = 0
    time.ms = arrivesAt
  }
  return { taken, refused }
}

/** Gaps that come by chance, the same each time, `meanMs` long. */
function byChance(meanMs: (atMs: number) => number) {
  let seed = 7
  return (atMs: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return -Math.log((seed + 1) / 2_147_483_649) * meanMs(atMs)
  }
}

test('under the load that it can bear nothing is refused', () => {
  expect(run({ workMs: 0.2, gapMs: () => 0.22, forMs: 10_000 }).refused).toEqual([])
})

test('at three times the load those that are taken are answered in a few turns, from the first moments on, and half of what can be done is done', () => {
  const { taken, refused } = run({ workMs: 0.2, gapMs: () => 0.2 / 3, forMs: 10_000 })
  const later = taken.filter(({ afterMs }) => afterMs > 500)
  expect(Math.max(...later.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(15)
  expect(later.length).toBeGreaterThan((9_500 / 0.2) * 0.5)
  expect(refused.length).toBeGreaterThan(0)
})

test.each([0.2, 0.5, 1, 2])(
  'an overload ends when what comes can be borne again, also where it comes by chance: work of %s ms',
  (workMs) => {
    const gapMs = byChance((atMs) => workMs / (atMs < 1_000 ? 3 : 0.8))
    const { refused } = run({ workMs, gapMs, forMs: 20_000 })
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.filter((atMs) => atMs > 4_000)).toEqual([])
  },
)

test('one long turn on a loop that rests is no overload', () => {
  const time = { ms: 1_000_000 }
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 16, onRefused: () => undefined })
  expect(queue.isTooOld(0, 20)).toBe(false)
  time.ms += 130
  for (let i = 0; i < 6; i++) {
    expect(queue.isTooOld(i, 0)).toBe(false)
    time.ms += 1
  }
})

test('a burst that the queue gets rid of is taken whole', () => {
  const time = { ms: 0 }
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 16, onRefused: () => undefined })
  for (let round = 0; round < 50; round++) {
    // Twenty at once wait up to 40 ms, then nobody for a while.
    for (let i = 0; i < 20; i++) {
      time.ms += 2
      expect(queue.isTooOld(i * 2, i * 2)).toBe(false)
    }
    time.ms += 30
  }
})

test('when the load goes, so do the refusals, and a clock that jumps brings none', () => {
  const time = { ms: 1_000_000 }
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 16, onRefused: () => undefined })
  for (let i = 0; i < 100; i++) {
    time.ms += 5
    queue.isTooOld(200, 200)
  }
  expect(queue.isTooOld(200, 200)).toBe(true)
  time.ms += 600
  expect(queue.isTooOld(20, 20)).toBe(false)
  for (const jump of [-3_600_000, 7_200_000]) {
    time.ms += jump
    for (let i = 0; i < 100; i++) {
      time.ms += 5
      expect(queue.isTooOld(1, 1)).toBe(false)
    }
  }
  expect(queue.isTooOld(1_001, 1_001)).toBe(true)
})

test('how many were refused is told once a second, and never nothing', () => {
  const time = { ms: 1_000_000 }
  const told: number[] = []
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 16, onRefused: (count) => told.push(count) })
  for (let i = 0; i < 300; i++) {
    time.ms += 10
    queue.isTooOld(2_000, 0)
  }
  expect(told).toEqual([1, 100, 100])
  time.ms += 60_000
  for (let i = 0; i < 10; i++) queue.isTooOld(0, 0)
  expect(told).toEqual([1, 100, 100, 99])
})
