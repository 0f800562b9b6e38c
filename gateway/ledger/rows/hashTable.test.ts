import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addPlace, EMPTY, firstSlot, type HashTable, newHashTable, nextSlot, placeIn, removePlace, shardOf } from './hashTable.ts'

/** All places filed under a hash. */
function placesOf(table: HashTable, hash: number): number[] {
  const shard = shardOf(table, hash)
  const found: number[] = []
  for (let slot = firstSlot(table, shard, hash); placeIn(shard, slot, hash) !== EMPTY; slot = nextSlot(shard, slot)) {
    const place = placeIn(shard, slot, hash)
    if (place >= 0) found.push(place)
  }
  return found.sort((a, b) => a - b)
}

// Few hashes of few homes, so that searches run into each other and around the end.
const hash = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0xffff_ff00, max: 0xffff_ffff }))

// Places at the beginning, across 2^32, and the last ones there are.
const FIRST_PLACES = [0, 2 ** 32 - 100, 2 ** 48 - 301]

test.each(FIRST_PLACES)('a table with places from %i on finds what was filed and not what was removed, whatever the order', (first) => {
  fc.assert(
    fc.property(fc.array(fc.record({ hash, remove: fc.boolean() }), { maxLength: 300, size: 'max' }), (steps) => {
      const table = newHashTable(2)
      const filed = new Map<number, number[]>()
      for (const [n, step] of steps.entries()) {
        const place = first + n
        const places = filed.get(step.hash) ?? []
        if (step.remove && places.length > 0) removePlace(table, step.hash, places.pop()!)
        else {
          addPlace(table, step.hash, place)
          filed.set(step.hash, [...places, place])
        }
      }
      for (const [of, places] of filed) expect(placesOf(table, of)).toEqual([...places].sort((a, b) => a - b))
    }),
    { numRuns: 300 },
  )
})
