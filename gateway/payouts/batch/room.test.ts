import { expect, test } from 'vitest'
import type { Batch } from './batch.ts'
import { batchPolicy } from './policy.ts'
import { roomFor } from './room.ts'

/** Room that is taken by parties one after the other, as batches that have no end. */
function world(policy: Partial<typeof batchPolicy> = {}) {
  const open: Batch[] = []
  const records = {
    open: () => open,
    openOf: (party: string) => open.filter((one) => one.party === party),
    openCount: () => open.length,
  }
  const room = roomFor({ records, policy: { ...batchPolicy, ...policy } })
  return {
    room,
    take(party: string, rows: number, text = rows): void {
      room.take(party, { rows, text })()
      open.push({ party, taken: rows, text } as Batch) // No more of it is read here.
    },
    /** Batches of that size or less, until nothing more is taken. */
    fill(party: string): number {
      const before = open.length
      for (let rows = batchPolicy.rowsMax; rows >= 1; ) {
        try {
          this.take(party, rows)
        } catch {
          rows = Math.floor(rows / 2)
        }
      }
      return open.slice(before).reduce((sum, { taken }) => sum + taken, 0)
    },
  }
}

test('few parties do not take all rows: each gets less than the one before, and whoever comes new finds room', () => {
  const w = world()
  const taken = ['pa_a', 'pa_b', 'pa_c', 'pa_d', 'pa_e'].map((party) => w.fill(party))
  expect(taken.every((rows, i) => i === 0 || rows < taken[i - 1]!)).toBe(true)
  expect(batchPolicy.openRowsMax - taken.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(taken.at(-1)!)
  expect(() => w.take('pa_new', 100)).not.toThrow()
})

test('what is too much is refused with how much would not be', () => {
  const w = world()
  for (const party of ['pa_a', 'pa_a', 'pa_b']) w.take(party, 10_000)
  expect(() => w.take('pa_c', 10_000)).toThrow(
    expect.objectContaining({
      code: 'too_busy',
      shortMessage: '30000 rows of batches have no end yet, which leaves 5000 for one more party',
      hint: expect.stringContaining('A batch of 5000 rows or fewer'),
    }),
  )
  expect(() => w.take('pa_b', 1)).toThrow(expect.objectContaining({ code: 'too_many_open', meta: { of: 'pa_b' } }))
  expect(() => w.take('pa_c', 5_000)).not.toThrow()
})

test('rows that are being written down count, and are room again when they are not taken', () => {
  const w = world({ openRowsMax: 30 })
  const leave = w.room.take('pa_a', { rows: 15, text: 1 })
  expect(() => w.room.take('pa_b', { rows: 8, text: 1 })).toThrow(expect.objectContaining({ code: 'too_busy' }))
  leave()
  expect(() => w.room.take('pa_b', { rows: 8, text: 1 })).not.toThrow()
})

test('so are characters, and the number of batches', () => {
  const w = world({ openTextMax: 100, openMax: 4 })
  expect(() => w.take('pa_a', 1, 51)).toThrow(expect.objectContaining({ code: 'too_busy' }))
  for (let n = 0; n < 2; n++) w.take('pa_a', 1)
  expect(() => w.take('pa_a', 1)).toThrow(expect.objectContaining({ code: 'too_many_open' }))
  expect(() => w.take('pa_b', 1)).not.toThrow()
})
