import { expect, onTestFinished, test } from 'vitest'
import type { BookedEntry } from './bankFile.ts'
import { openStore } from './store.ts'

const entry = (n: number): BookedEntry => ({
  key: `k${n}`,
  side: 'credit',
  units: BigInt(n) + 1n,
  bookedOn: '2026-11-20',
  parts: [{ units: BigInt(n) + 1n, charge: false, returned: false, payer: 'Anna' }],
})

test('lists of entries are kept apart, in order and to the unit, and forgotten together', () => {
  const store = openStore(':memory:', 'DE93999999990000000001')
  onTestFinished(() => store.close())
  const [one, other] = [store.spool.list(), store.spool.list()]
  const entries = Array.from({ length: 1_234 }, (_, n) => entry(n))
  for (const each of entries) one.add(each)
  other.add(entry(7))
  expect([...one]).toEqual(entries)
  expect([...one]).toEqual(entries)
  expect([...other]).toEqual([entry(7)])
  store.spool.clear()
  expect([...one].length).toBeLessThan(entries.length)
  expect(store.entriesAfter(0, 9)).toEqual([])
})
