import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fewestParts, type PartWay } from './fewestParts.ts'

const way = (units: bigint, costNano: bigint, times = 1n): PartWay => ({ units, times, costNano })

test('the fewest parts are taken, and of those the choice that costs least', () => {
  const ways = [way(60n, 600n), way(50n, 100n), way(40n, 40n), way(45n, 450n)]
  // 60 with any other carries it in two, and 50 takes most away from it.
  expect(fewestParts(100n, ways, 4)).toEqual([
    { place: 1, units: 50n },
    { place: 0, units: 50n },
  ])
  expect(fewestParts(90n, ways, 4)).toEqual([
    { place: 2, units: 40n },
    { place: 1, units: 50n },
  ])
})

test('a way that may be taken several times is', () => {
  expect(fewestParts(25n, [way(10n, 1n, 3n)], 4)).toEqual([10n, 10n, 5n].map((units) => ({ place: 0, units })))
  expect(fewestParts(25n, [way(10n, 1n, 2n)], 4)).toBeUndefined()
  expect(fewestParts(25n, [way(10n, 1n, 3n)], 2)).toBeUndefined()
})

test('parts sum to the amount, none is more than its way has room for, and there is a plan where the largest ways carry it', () => {
  const ways = fc.array(fc.record({ units: fc.bigInt(1n, 100n), times: fc.bigInt(0n, 3n), costNano: fc.bigInt(0n, 1_000n) }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.bigInt(1n, 500n), ways, fc.integer({ min: 1, max: 4 }), (units, known, partsMax) => {
      const parts = fewestParts(units, known, partsMax)
      const rooms = known.flatMap((one) => [1n, 2n, 3n].filter((n) => n <= one.times).map(() => one.units))
      const most = rooms.toSorted((a, b) => (a < b ? 1 : -1))
      const carried = (count: number) => most.slice(0, count).reduce((sum, room) => sum + room, 0n) >= units
      const fewest = [2, 3, 4].filter((count) => count <= partsMax).find((count) => most.length >= count && carried(count))
      if (!parts) {
        expect(fewest === undefined || most[0]! >= units).toBe(true)
        return
      }
      expect(parts.reduce((sum, part) => sum + part.units, 0n)).toBe(units)
      expect(parts.length).toBeGreaterThanOrEqual(fewest!)
      for (const [place, one] of known.entries()) {
        const own = parts.filter((part) => part.place === place)
        expect(BigInt(own.length)).toBeLessThanOrEqual(one.times)
        for (const part of own) expect(part.units > 0n && part.units <= one.units).toBe(true)
      }
    }),
  )
})
