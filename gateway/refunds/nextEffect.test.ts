import { expect, test } from 'vitest'
import { BTC } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Way } from '../payins/refund/facts.ts'
import { type GivenRefund, refundStatus, type TryState } from './givenRefund.ts'
import { nextEffect, TRIES_MAX } from './nextEffect.ts'

const to = { kind: 'evm_address', address: `0x${'5e'.repeat(20)}` } as const
const UNTIL = 1_000

function refund(states: readonly TryState[], o: { way?: Way; returned?: boolean } = {}): GivenRefund {
  const amount = money(BTC, 2_000n)
  const data = { way: o.way ?? { kind: 'link' } } as GivenRefund['data'] // As much of it as is looked at.
  return {
    id: `rf_${'0'.repeat(32)}`,
    data,
    amount,
    over: 0n,
    paid: amount,
    refunded: amount,
    left: money(BTC, 0n),
    sources: [],
    createdAt: 0,
    expiresAt: UNTIL,
    tries: states.map((state, i) => ({ payout: `po_${i}`, to, state })),
    end: undefined,
    returned: o.returned ?? false,
  }
}
const known = { kind: 'to', to } as const

test.each<[string, GivenRefund, number, object, string]>([
  ['to a known place is paid', refund([], { way: known }), 0, { kind: 'pay', to }, 'pending'],
  ['without one waits for its payer', refund([]), 0, { kind: 'claim', untilMs: UNTIL }, 'needs_claim'],
  ['that nobody claimed is over by its time', refund([]), UNTIL, { kind: 'end', outcome: 'expired' }, 'needs_claim'],
  ['on its way waits', refund(['moving']), UNTIL, { kind: 'wait' }, 'sending'],
  ['that is unknown waits past every time', refund(['failed', 'unknown'], { way: known }), UNTIL + 1, { kind: 'wait' }, 'unknown'],
  ['that could not be paid there asks its payer', refund(['failed'], { way: known }), 0, { kind: 'claim', untilMs: UNTIL }, 'needs_claim'],
  ['that is paid has its end, also after its time', refund(['settled']), UNTIL, { kind: 'end', outcome: 'succeeded' }, 'sending'],
  ['that came back is told of first', refund(['returned'], { returned: true }), UNTIL, { kind: 'reopen' }, 'needs_claim'],
  [
    'that was tried too often is given up',
    refund(Array.from({ length: TRIES_MAX }, () => 'failed')),
    0,
    { kind: 'end', outcome: 'failed' },
    'needs_claim',
  ],
])('a refund %s', (_, given, now, effect, status) => {
  expect([nextEffect(given, now), refundStatus(given)]).toEqual([effect, status])
})
