import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cheapestParts, type PartWay } from './cheapestParts.ts'

const way = (units: bigint, costNano: bigint, o: { times?: bigint; fixedNano?: bigint } = {}): PartWay => ({
  units,
  times: o.times ?? 1n,
  costNano,
  fixedNano: o.fixedNano ?? 0n,
})
const parts = (units: bigint, ways: readonly PartWay[], partsMax: number, leastNano = 0n) =>
  cheapestParts(units, ways, { partsMax, leastNano })?.map(({ place, units }) => ({ place, units }))

test('the plan that costs least is taken, and a part more only where it saves enough', () => {
  const ways = [way(60n, 600n), way(50n, 100n), way(40n, 40n), way(45n, 450n)]
  const three = [
    { place: 2, units: 40n },
    { place: 1, units: 50n },
    { place: 0, units: 10n },
  ]
  const two = [
    { place: 1, units: 50n },
    { place: 0, units: 50n },
  ]
  // 240 in three parts, 600 in two.
  expect(parts(100n, ways, 4)).toEqual(three)
  expect(parts(100n, ways, 4, 359n)).toEqual(three)
  expect(parts(100n, ways, 4, 360n)).toEqual(two)
  expect(parts(100n, ways, 2)).toEqual(two)
})

test('what is met whatever the size is met once a part: a way that is dear by the unit may be the cheaper one for little', () => {
  const [large, dear, heavy] = [way(90n, 90n), way(50n, 500n), way(50n, 230n, { fixedNano: 200n })]
  expect(parts(100n, [large, dear, heavy], 2)).toEqual([
    { place: 0, units: 90n },
    { place: 1, units: 10n },
  ])
  expect(parts(130n, [large, dear, heavy], 2)).toEqual([
    { place: 2, units: 50n },
    { place: 0, units: 80n },
  ])
})

test('a way that may be taken several times is', () => {
  expect(parts(25n, [way(10n, 1n, { times: 3n })], 4)).toEqual([10n, 10n, 5n].map((units) => ({ place: 0, units })))
  expect(parts(25n, [way(10n, 1n, { times: 2n })], 4)).toBeUndefined()
  expect(parts(25n, [way(10n, 1n, { times: 3n })], 2)).toBeUndefined()
})

type Line = Readonly<{ units: number; times: number; fixed: number; each: number }>

/** The least cost of all divisions of the units over all ways, each as often as it may be taken and each of every size; Infinity where none carries them. */
function leastOfAll(units: number, lines: readonly Line[], { partsMax, least }: { partsMax: number; least: number }): number {
  const slots = lines.flatMap((line) => new Array<Line>(line.times).fill(line))
  let row = Array.from({ length: partsMax + 1 }, (_, count) =>
    Array.from({ length: units + 1 }, (_, left) => (left === 0 && count <= partsMax ? 0 : Infinity)),
  )
  for (const { units: most, fixed, each } of slots) {
    row = row.map((costs, count) =>
      costs.map((without, left) => {
        let best = without
        if (count === 0) return best
        for (let size = 1; size <= most && size <= left; size++)
          best = Math.min(best, row[count - 1]![left - size]! + least + fixed + each * size)
        return best
      }),
    )
  }
  return row[partsMax]![units]!
}

test('no division of an amount costs less, in 20,000 instances of unlike costs', () => {
  const line = fc.record({
    units: fc.integer({ min: 1, max: 9 }),
    times: fc.integer({ min: 0, max: 3 }),
    fixed: fc.integer({ min: 0, max: 60 }),
    each: fc.integer({ min: 0, max: 20 }),
  })
  let carried = 0
  const same = fc.property(
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 0, max: 30 }),
    (lines, more, partsMax, least) => {
      // No way carries the whole.
      const units = Math.max(...lines.map((one) => one.units)) + more
      const ways = lines.map(({ units, times, fixed, each }) =>
        way(BigInt(units), BigInt(fixed + each * units), { times: BigInt(times), fixedNano: BigInt(fixed) }),
      )
      const best = leastOfAll(units, lines, { partsMax, least })
      const plan = parts(BigInt(units), ways, partsMax, BigInt(least))
      if (!plan) return best === Infinity
      carried++
      const used = lines.map((_, place) => plan.filter((part) => part.place === place))
      const allowed = used.every(
        (own, place) =>
          own.length <= lines[place]!.times && own.every((part) => part.units > 0n && part.units <= BigInt(lines[place]!.units)),
      )
      const cost = plan.reduce((sum, part) => sum + least + lines[part.place]!.fixed + lines[part.place]!.each * Number(part.units), 0)
      return allowed && plan.length <= partsMax && plan.reduce((sum, part) => sum + part.units, 0n) === BigInt(units) && cost === best
    },
  )
  fc.assert(same, { numRuns: 20_000 })
  expect(carried).toBeGreaterThan(5_000)
})
