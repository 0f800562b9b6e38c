import { expect, test } from 'vitest'
import { createFileTurns } from './fileTurns.ts'

test('a caller has so many files at a time and all together so many, and what is given back twice is given once', () => {
  const take = createFileTurns({ all: 3, each: 2 })
  const [first] = [take('a'), take('a')]
  expect(() => take('a')).toThrow('2 files are being written for this caller already')
  const other = take('b')
  expect(() => take('c')).toThrow('3 files are being written already')
  first()
  first()
  take('a')
  expect(() => take('c')).toThrow('3 files')
  other()
  take('c')
})
