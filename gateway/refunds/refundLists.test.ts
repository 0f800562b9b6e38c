import { expect, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { type AppliedFact, evolve, isRefundFact } from './evolve.ts'
import { type GivenRefund, refundStatus } from './givenRefund.ts'
import { refundLists } from './refundLists.ts'

const DIGITS = '0'.repeat(32)
const [ID, TRY] = [`rf_${DIGITS}`, `po_${DIGITS}`] as const
const DATA = {
  request: `pi_${DIGITS}`,
  receipt: `rc_${DIGITS}`,
  rail: 'bank',
  parties: ['pa_1'],
  by: 'pa_2',
  asset: 'USD',
  units: '7',
  over: '0',
  paid: '9',
  refunded: '7',
  left: '2',
  sources: [],
  expiresAt: 1,
  metadata: { ticket: '7' },
}

// As much of each fact as is looked at.
const fact = (type: string, data: object = {}, id: string = ID) => ({ type, id, at: 1, data }) as unknown as AppliedFact
const created = (kind: string) => fact('refund.created', { ...DATA, way: { kind } })
const sent = fact('refund.sent', { try: TRY })
const ended = (outcome: string) => fact('refund.ended', { outcome })
const attempt = (type: string) => fact(type, { payoutId: TRY, payout: TRY })
const payout = (type: string) => fact(type, { payoutId: TRY, payout: TRY }, TRY)

const STORIES: readonly [string, readonly AppliedFact[]][] = [
  ['paid at once', [created('to'), sent, attempt('attempt.sent'), payout('payout.settled'), ended('succeeded')]],
  ['onto a balance', [created('balance'), ended('succeeded')]],
  ['that nobody claims', [created('link'), ended('expired')]],
  ['not known for a while', [created('link'), sent, attempt('attempt.sent'), attempt('attempt.unknown'), payout('payout.settled')]],
  ['that fails, and is claimed', [created('to'), sent, attempt('attempt.sent'), attempt('attempt.failed'), payout('payout.failed'), sent]],
  [
    'that came back',
    [created('to'), sent, payout('payout.settled'), ended('succeeded'), payout('payout.returned'), fact('refund.reopened')],
  ],
]

test.each(STORIES)('a refund %s stands in its list as it is', (_, story) => {
  let refund: GivenRefund | undefined
  let status: string | undefined
  for (const one of story) {
    refund = evolve(refund, one, () => USD)
    const recall = (id: string) => (id === `refund:${TRY}` ? { parties: [], data: { refund: ID } } : undefined)
    const scene = { recall, partiesOf: () => [], units: () => ({ asset: 'USD', units: 0n }) } as unknown as Parameters<
      (typeof refundLists)[0]
    >[1]
    for (const change of refundLists.flatMap((list) => list(one as unknown as Parameters<(typeof refundLists)[0]>[0], scene))) {
      expect([change.list, change.id]).toEqual(['refunds', ID])
      if (isRefundFact(one) && one.type === 'refund.created')
        expect(change).toMatchObject({
          begins: { parties: ['pa_1', 'pa_2'] },
          amount: { asset: 'USD', units: 7n },
          rail: 'bank',
          metadata: { ticket: '7' },
          references: [DATA.receipt, DATA.request],
        })
      if (change.status !== undefined && (change.only === undefined || change.only.includes(status ?? ''))) status = change.status
    }
    expect([one.type, status]).toEqual([one.type, refundStatus(refund)])
  }
})
