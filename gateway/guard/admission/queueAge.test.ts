import { expect, test } from 'vitest'
import { createQueueAge } from './queueAge.ts'

/** One server that needs `workMs` for each, while one arrives every `gapMs`; a refusal costs nothing. How long those who were taken had waited. */
function run(o: { workMs: number; gapMs: number; forMs: number }) {
  const time = { ms: 1_000_000 }
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 5, onRefused: () => undefined })
  const begin = time.ms
  const [taken, refused]: [number[], number[]] = [[], []]
  let freeAt = begin
  for (let arrivesAt = begin; arrivesAt < begin + o.forMs; arrivesAt += o.gapMs) {
    time.ms = Math.max(arrivesAt, freeAt)
    const waited = time.ms - arrivesAt
    if (queue.isTooOld(waited, waited)) refused.push(waited)
    else {
      taken.push(waited)
      freeAt = time.ms + o.workMs
    }
  }
  return { taken, refused, later: taken.slice(-100) }
}

test('under the load that it can bear nothing is refused', () => {
  expect(run({ workMs: 4, gapMs: 4, forMs: 10_000 }).refused).toEqual([])
})

test('at three times the load those that are taken wait for no more than twice the target, and as many are served as can be', () => {
  const { later, taken, refused } = run({ workMs: 6, gapMs: 2, forMs: 10_000 })
  expect(Math.max(...later)).toBeLessThanOrEqual(10)
  expect(taken.length).toBeGreaterThan((10_000 / 6) * 0.9)
  expect(refused.length).toBeGreaterThan(0)
})

test('a burst that the queue gets rid of is taken whole', () => {
  const time = { ms: 0 }
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 5, onRefused: () => undefined })
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
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 5, onRefused: () => undefined })
  for (let i = 0; i < 100; i++) {
    time.ms += 5
    queue.isTooOld(200, 200)
  }
  expect(queue.isTooOld(200, 200)).toBe(true)
  time.ms += 250
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
  const queue = createQueueAge({ clock: { now: () => time.ms }, targetMs: 5, onRefused: (count) => told.push(count) })
  for (let i = 0; i < 300; i++) {
    time.ms += 10
    queue.isTooOld(2_000, 0)
  }
  expect(told).toEqual([1, 100, 100])
  time.ms += 60_000
  for (let i = 0; i < 10; i++) queue.isTooOld(0, 0)
  expect(told).toEqual([1, 100, 100, 99])
})
