import { expect, test } from 'vitest'
import { orderPage } from './ordersPage.ts'
import type { Event, StandingOrder } from './shapes.ts'
import type { View } from './view.ts'

const eur = (amount: string) => ({ asset: 'EUR', amount })
const ORDER: StandingOrder = {
  id: 'so_1',
  party: 'pa_1',
  status: 'active',
  every: 'hour',
  day: null,
  hour: null,
  amount: null,
  keep: eur('10'),
  when_above: eur('100'),
  fee_max: eur('0'),
  destination: { kind: 'iban', iban: 'DE43', name: 'A payee' },
  reference: 'earned',
  metadata: { shop: 'A-7' },
  created_at: '2026-11-24T09:00:00.000Z',
  next_run_at: '2026-11-24T13:00:00.000Z',
  last_run: { at: '2026-11-24T12:00:00.000Z', payout: null, failed: 'insufficient_balance' },
}
const event = (n: number, word: string, data: object): Event => ({
  id: `evt_${n}`,
  type: `standing_order.${word}`,
  created_at: `2026-11-24T1${n}:00:00.000Z`,
  subject: 'so_1',
  data: { id: 'so_1', payout: null, ...data },
})
const RUNS = [
  event(0, 'ran', { payout: 'po_1', amount: eur('90'), needs_approval: false }),
  event(1, 'ran', { payout: 'po_2', amount: eur('91'), needs_approval: true }),
  event(2, 'failed', { code: 'insufficient_balance', detail: '<b>1 EUR</b> are free' }),
  event(3, 'changed', { status: 'paused' }),
]

test('an order’s page says of each run what it paid, what waits and why one failed, and leads to the next of them', async () => {
  const asked: string[] = []
  const get = async (path: string) => {
    asked.push(path)
    return { status: 200, body: path.startsWith('/v1/events') ? { data: RUNS, has_more: true, next: 'evt_3' } : ORDER }
  }
  const view = { ask: { get }, id: 'so_1', query: { after: 'evt_before' }, assets: [], formToken: 't', repeat: () => 'r' }
  const { body } = await orderPage(view as unknown as View) // What it reads of one.
  expect(asked).toEqual(['/v1/standing_orders/so_1', '/v1/events?subject=so_1&limit=50&after=evt_before'])
  const rows = body.html
    .split('<tr>')
    .slice(2)
    .map((row) =>
      row
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
  expect(rows).toEqual([
    '2026-11-24 10:00:00 ● paid out po_1 90 EUR',
    '2026-11-24 11:00:00 ◐ waiting po_2 91 EUR another person must agree',
    '2026-11-24 12:00:00 ▲ failed insufficient_balance: &lt;b&gt;1 EUR&lt;/b&gt; are free',
    expect.stringMatching(/^2026-11-24 13:00:00 ◐ paused/),
  ])
  for (const words of [
    'every hour',
    'all above',
    'once there is more than',
    '/dashboard/payments/po_1',
    'after=evt_3',
    'orders/so_1/pause',
  ])
    expect(body.html).toContain(words)
})
