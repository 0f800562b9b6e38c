import { expect, onTestFinished, test } from 'vitest'
import { signedInvoice } from '../../../../test/behavior/signedInvoice.ts'
import { byOurClock, clientExpiry, isSameTime, noteClock } from './clockSkew.ts'
import { openLndStore } from './store.ts'

const HOUR_MS = 3_600_000
const NOW = 1_800_000_000_000

function open() {
  const store = openLndStore(':memory:')
  onTestFinished(() => store.close())
  return store
}

test.each([HOUR_MS, -HOUR_MS])('times of a clock that is %i ms ahead are told by ours', (aheadMs) => {
  const store = open()
  expect(byOurClock(store, NOW)).toBe(NOW)
  noteClock(store, signedInvoice({ createdAt: NOW + aheadMs }), NOW)
  expect(byOurClock(store, NOW + aheadMs)).toBe(NOW)
  // The clocks were set right.
  noteClock(store, signedInvoice({ createdAt: NOW + 1_000 }), NOW)
  expect(byOurClock(store, NOW)).toBe(NOW)
})

test('seconds are no difference, and do not change one that is known', () => {
  const store = open()
  noteClock(store, signedInvoice({ createdAt: NOW - 9_000 }), NOW)
  expect(byOurClock(store, NOW)).toBe(NOW)
  noteClock(store, signedInvoice({ createdAt: NOW + HOUR_MS }), NOW)
  noteClock(store, signedInvoice({ createdAt: NOW + HOUR_MS + 9_000 }), NOW)
  expect(byOurClock(store, NOW + HOUR_MS)).toBe(NOW)
  noteClock(store, 'no invoice', NOW)
  expect(byOurClock(store, NOW + HOUR_MS)).toBe(NOW)
  expect([isSameTime(NOW, NOW + 10_000), isSameTime(NOW, NOW + 10_001)]).toEqual([true, false])
})

test('the client is given an end that is so long from its own now', () => {
  const before = Date.now()
  const end = Date.parse(clientExpiry(600_000))
  expect(end >= before + 600_000 && end <= Date.now() + 600_000).toBe(true)
})
