import { describe, expect, test } from 'vitest'
import { judgeStanding } from './standing.ts'

const HASH = 'cd'.repeat(32)
const channel = (o: { tokens?: number; active?: boolean; onlineMs?: number } = {}) => ({
  is_active: o.active ?? true,
  time_online: o.onlineMs ?? 60_000,
  pending_payments: o.tokens === undefined ? [] : [{ id: HASH, is_outgoing: false, tokens: o.tokens }],
})
const judge = (...channels: ReturnType<typeof channel>[]) => judgeStanding({ hash: HASH, amountMsat: 5_000_999n, channels })

describe('a payment that LND calls held', () => {
  test('stands when its HTLCs are on channels that are up and steady', () => {
    expect(judge(channel({ tokens: 5_000 }))).toBe('stands')
    expect(judge(channel({ tokens: 3_000 }), channel({ tokens: 2_000 }), channel())).toBe('stands')
  })

  test('is gone when steady channels do not carry all of it', () => {
    expect(judge(channel(), channel())).toBe('gone')
    expect(judge(channel({ tokens: 3_000 }), channel())).toBe('gone')
  })

  test('is not judged while a channel is down or has just come up', () => {
    expect(judge(channel({ tokens: 5_000, active: false }))).toBe('unsteady')
    expect(judge(channel({ tokens: 5_000, onlineMs: 500 }))).toBe('unsteady')
    expect(judge(channel(), channel({ active: false }))).toBe('unsteady')
    expect(judge()).toBe('unsteady')
  })
})
