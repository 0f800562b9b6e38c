import { describe, expect, test } from 'vitest'
import { judgePending } from './lookUp.ts'

const HASH = 'ab'.repeat(32)
const channel = (id: string, o: { active?: boolean; carries?: boolean; incoming?: boolean } = {}) => ({
  id,
  is_active: o.active ?? true,
  pending_payments: o.carries ? [{ id: HASH, is_outgoing: o.incoming !== true }] : [],
})
const judge = (channels: ReturnType<typeof channel>[], leaves: string[] = []) => judgePending({ paymentHash: HASH, leaves, channels }).kind

describe('a payment that LND calls pending', () => {
  test('is in flight while a channel carries it', () =>
    expect(judge([channel('1x1x1'), channel('2x1x1', { carries: true })])).toBe('in_flight'))

  test('has no HTLC when its channels are up and none carries it', () => {
    expect(judge([channel('1x1x1'), channel('2x1x1')])).toBe('no_htlc')
    expect(judge([channel('1x1x1'), channel('2x1x1', { active: false })], ['1x1x1'])).toBe('no_htlc')
  })

  test('may still be on a channel that is down', () => {
    expect(judge([channel('1x1x1'), channel('2x1x1', { active: false })])).toBe('in_flight')
    expect(judge([channel('1x1x1', { active: false })], ['1x1x1'])).toBe('in_flight')
  })

  test('is decided on chain when its channel is closed', () => expect(judge([channel('1x1x1')], ['9x1x1'])).toBe('in_flight'))

  test('is not mistaken for a payment to us of the same hash', () =>
    expect(judge([channel('1x1x1', { carries: true, incoming: true })])).toBe('no_htlc'))
})
