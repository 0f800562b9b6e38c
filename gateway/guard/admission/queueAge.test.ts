import { expect, test } from 'vitest'
import { createQueueAge } from './queueAge.ts'

/**
 * An event loop for `forMs`: each turn reads all that arrived since the last and begins what is taken; the rest of that work is done in the turn after. A
 * refusal costs a tenth of a whole request. `gapMs` is asked how long after the one that arrived at a time (ms since the begin) the next arrives.
 */
function run(o: { workMs: number; gapMs: (atMs: number) => number; forMs: number }) {
  const time = { ms: 1_000_000 }
  const begin = time.ms
  const queue = createQueueAge({ targetMs: 16, onRefused: () => undefined })
  const taken: { tookMs: number; afterMs: number }[] = []
  const refused: number[] = []
  let [arrivesAt, turnMs, restMs, begun] = [begin, 0, 0, [] as number[]]
  while (time.ms < begin + o.forMs) {
    const [beganAt, open] = [time.ms, begun]
    begun = []
    for (; arrivesAt <= beganAt; arrivesAt += o.gapMs(arrivesAt - begin)) {
      if (queue.isTooOld({ now: time.ms, waitedMs: time.ms - beganAt, turnMs, restMs })) {
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
    restMs += arrivesAt - time.ms
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
  const queue = createQueueAge({ targetMs: 16, onRefused: () => undefined })
  expect(queue.isTooOld({ now: 1_000, waitedMs: 0, turnMs: 20, restMs: 900 })).toBe(false)
  for (let i = 0; i < 6; i++) expect(queue.isTooOld({ now: 1_130 + i, waitedMs: i, turnMs: 0, restMs: 1_020 })).toBe(false)
})

test('a burst that the queue gets rid of is taken whole', () => {
  const queue = createQueueAge({ targetMs: 16, onRefused: () => undefined })
  let [now, restMs] = [0, 0]
  for (let round = 0; round < 50; round++) {
    // Twenty at once wait up to 40 ms, then nobody for a while.
    for (let i = 0; i < 20; i++) {
      now += 2
      expect(queue.isTooOld({ now, waitedMs: i * 2, turnMs: i * 2, restMs })).toBe(false)
    }
    now += 30
    restMs += 30
  }
})

test('when the load goes, so do the refusals; what waited longer than anybody waits is refused in any case', () => {
  const queue = createQueueAge({ targetMs: 16, onRefused: () => undefined })
  const late = { waitedMs: 200, turnMs: 200, restMs: 0 }
  for (let now = 0; now < 500; now += 5) queue.isTooOld({ now, ...late })
  expect(queue.isTooOld({ now: 500, ...late })).toBe(true)
  const rested = { waitedMs: 0, turnMs: 0, restMs: 1_100 }
  expect(queue.isTooOld({ now: 1_600, ...rested })).toBe(false)
  for (let now = 1_600; now < 1_610; now++) expect(queue.isTooOld({ now, ...rested, waitedMs: 20 })).toBe(false)
  expect(queue.isTooOld({ now: 1_610, ...rested, waitedMs: 1_001 })).toBe(true)
})

test('how many were refused is told once a second, and never nothing', () => {
  const told: number[] = []
  const queue = createQueueAge({ targetMs: 16, onRefused: (count) => told.push(count) })
  const asked = { turnMs: 0, restMs: 0 }
  for (let i = 1; i <= 300; i++) queue.isTooOld({ now: i * 10, waitedMs: 2_000, ...asked })
  expect(told).toEqual([1, 100, 100])
  for (let i = 0; i < 10; i++) queue.isTooOld({ now: 63_000, waitedMs: 0, ...asked })
  expect(told).toEqual([1, 100, 100, 99])
})
