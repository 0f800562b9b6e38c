import { expect, test } from 'vitest'
import { NO_CALIBRATION, UPPER_PPM, withTry } from './calibration.ts'

test('tries are counted in the range of their chance, with the squared error of it and of the word of the rail', () => {
  const two = withTry(withTry(NO_CALIBRATION, { chance: 0.5, word: 0.9, paid: true }), { chance: 1, word: 0.9, paid: false })
  expect(two).toMatchObject({ count: 2, brier: 1.25 })
  expect(two.brierOfRails).toBeCloseTo(0.82, 10)
  expect(two.ranges[0]).toEqual({ count: 1, paid: 1, chances: 0.5 })
  expect(two.ranges[UPPER_PPM.length - 1]).toEqual({ count: 1, paid: 0, chances: 1 })
  expect(two.ranges.reduce((sum, { count }) => sum + count, 0)).toBe(2)
})
