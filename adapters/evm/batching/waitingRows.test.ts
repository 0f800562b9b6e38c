import { expect, test } from 'vitest'
import type { BatchRow } from './batchRow.ts'
import { createWaitingRows } from './waitingRows.ts'

const NOW = 1_000_000
const LATER = NOW + 600_000

function row(id: string, o: Partial<BatchRow> = {}): BatchRow {
  const word = `0x${'00'.repeat(32)}` as const
  const account = `0x${'00'.repeat(20)}` as const
  const spent = { value: 1n, validAfter: 0n, validBefore: 0n, nonce: word, signature: word }
  const authorization = { kind: 'transfer', chainId: 1, token: account, from: account, to: account, ...spent } as const
  return { id, kind: 'transfer', authorization, endsAt: LATER, since: NOW, urgent: false, rowsMax: Number.POSITIVE_INFINITY, ...o }
}

const filled = (...rows: readonly BatchRow[]) => {
  const waiting = createWaitingRows()
  for (const one of rows) waiting.add(one)
  return waiting
}
const ids = (rows: readonly BatchRow[]) => rows.map(({ id }) => id)

test('what ends soon goes first, then what somebody waits for, then the oldest', () => {
  const soon = { endsAt: NOW + 20_000 }
  const waiting = filled(row('a'), row('b'), row('urgent', { urgent: true }), row('soon', soon), row('sooner', { endsAt: NOW + 10_000 }))
  expect(ids(waiting.take('transfer', 4, NOW))).toEqual(['sooner', 'soon', 'urgent', 'a'])
  expect(ids(waiting.take('transfer', 4, NOW))).toEqual(['b'])
})

test('what came to nothing in company goes in a smaller one, with its like', () => {
  const waiting = filled(row('half', { rowsMax: 2 }), row('whole'), row('other half', { rowsMax: 2 }), row('third', { rowsMax: 2 }))
  expect(ids(waiting.take('transfer', 10, NOW))).toEqual(['half', 'other half'])
  expect(ids(waiting.take('transfer', 10, NOW))).toEqual(['whole'])
  expect(ids(waiting.take('transfer', 10, NOW))).toEqual(['third'])
})

test('it presses when somebody waits or an end is near, and not before', () => {
  const waiting = filled(row('a'), row('b', { endsAt: NOW + 40_000 }))
  expect(waiting.isPressed('transfer', NOW)).toBe(false)
  expect(waiting.isPressed('transfer', NOW + 15_000)).toBe(true)
  waiting.press('a')
  expect(waiting.isPressed('transfer', NOW)).toBe(true)
})
