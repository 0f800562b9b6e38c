import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addItem, findItem, type Item, KEY_STORE_SEGMENT_BYTES, newKeyStore, UNITS_PER_SEGMENT } from './keyStore.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed())
const item: fc.Arbitrary<Item> = fc.record({
  kind: fc.integer({ min: 1, max: 3 }),
  count: fc.integer({ min: 0, max: 255 }),
  seq: fc.maxSafeNat().map((n) => n % 2 ** 48),
  group: fc.maxSafeNat().map((n) => n % 2 ** 48),
  key: text,
  value: text,
})

test('a key store gives back each item by its kind and key, and none for another', () => {
  const items = fc.uniqueArray(item, { selector: ({ kind, key }) => `${kind}|${key}`, maxLength: 60, size: 'max' })
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 2 ** 32 - 1 }), text, (all, seed, other) => {
      const keyStore = newKeyStore(seed)
      for (const each of all) addItem(keyStore, each)
      for (const each of all) expect(findItem(keyStore, [each.kind], each.key)).toEqual(each)
      if (!all.some(({ key }) => key === other)) expect(findItem(keyStore, [1, 2, 3], other)).toBeUndefined()
      expect(findItem(keyStore, [], all[0]?.key ?? '')).toBeUndefined()
    }),
    { numRuns: 200 },
  )
})

test('an item that does not fit at the end of a segment begins the next one', () => {
  const keyStore = newKeyStore(1)
  const long = (n: number): Item => ({ kind: 1, count: 0, seq: n, group: 0, key: `${n}`, value: 'ü'.repeat(60_000) })
  const count = 100
  for (let n = 0; n < count; n++) addItem(keyStore, long(n))
  expect(keyStore.segments.length).toBeGreaterThan((count * 120_000) / KEY_STORE_SEGMENT_BYTES)
  for (let n = 0; n < count; n++) expect(findItem(keyStore, [1], `${n}`)).toEqual(long(n))
})

test('a key store goes on where 32 bits of places end', () => {
  const keyStore = newKeyStore(1)
  // As after 32,767 segments that have left memory.
  keyStore.segments.length = 2 ** 32 / UNITS_PER_SEGMENT - 1
  keyStore.first = keyStore.segments.length
  keyStore.end = keyStore.first * UNITS_PER_SEGMENT
  const long = (n: number): Item => ({
    kind: 1,
    count: 0,
    seq: 2 ** 32 + n,
    group: 2 ** 32 - 30 + n,
    key: `${n}`,
    value: 'x'.repeat(200_000),
  })
  const count = 60
  for (let n = 0; n < count; n++) addItem(keyStore, long(n))
  expect(keyStore.end).toBeGreaterThan(2 ** 32)
  for (let n = 0; n < count; n++) expect(findItem(keyStore, [1], `${n}`)).toEqual(long(n))
  expect(findItem(keyStore, [1], `${count}`)).toBeUndefined()
})
