import { expect, test } from 'vitest'
import { batchesPage, batchPage } from './batchesPage.ts'
import type { Batch, BatchRow } from './shapes.ts'
import type { View } from './view.ts'

const eur = (amount: string) => ({ asset: 'EUR', amount, code: 'EUR' })
const NAME = '<b>wages</b>'
const COUNTS = { waiting: 2, processing: 1, settled: 3, failed: 0, returned: 1, refused: 1, canceled: 0 }
const RAIL = {
  rail: 'bank',
  rows: 5,
  amount: eur('40'),
  cost_usd: '0.1',
  fixed_cost_usd: '0.02',
  good_funds_at: '2026-11-26T17:00:00.000Z',
}
const BATCH: Batch = {
  id: 'pb_1',
  party: 'pa_1',
  status: 'processing',
  amount: eur('50'),
  fee_max: eur('0'),
  rows: 8,
  counts: COUNTS,
  plan: { cost_usd: '0.12', least_cost_usd: '0.12', one_by_one_cost_usd: '0.3', rows_without_way: 1, rails: [RAIL] },
  deliver_by: '2026-11-27T16:00:00.000Z',
  metadata: { month: NAME },
  created_by: 'pa_1',
  created_at: '2026-11-24T09:00:00.000Z',
}
const paid = { amount: eur('5'), payout: 'po_1', decision_id: 'dec_1', sent_at: '2026-11-24T09:00:05.000Z', cost_usd: '0.02' }
const ROWS: readonly BatchRow[] = [
  { row: 0, status: 'settled', ...paid, planned_rail: 'bank', rail: 'bank', expected_usd: '0.021', reference: NAME },
  { row: 1, status: 'returned', ...paid, planned_rail: 'lightning', rail: 'bank' },
  { row: 2, status: 'refused', code: 'invalid_amount', detail: NAME },
  { row: 3, status: 'waiting', payout: 'po_3', planned_rail: 'bank' },
]

async function shown(page: typeof batchPage, query: Readonly<Record<string, string>>, batch = BATCH) {
  const asked: string[] = []
  const get = async (path: string) => {
    asked.push(path)
    if (path.includes('/rows')) return { status: 200, body: { data: ROWS, has_more: true, next: '3' } }
    return { status: 200, body: path.includes('pb_1') ? batch : { data: [batch], has_more: true, next: 'pb_1' } }
  }
  const view = { ask: { get }, id: 'pb_1', query, assets: [], operator: true, formToken: 't', repeat: () => 'r' }
  const { body } = await page(view as unknown as View) // What it reads of one.
  const tables = body.html.split('<tbody>').slice(1)
  const rows = tables.map((table) =>
    table
      .split('</tbody>')[0]!
      .split('<tr>')
      .slice(1)
      .map((row) =>
        row
          .replace(/<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      ),
  )
  return { asked, html: body.html, rows }
}

test('a batch’s page says by which rail each row went, what that cost and when it was sent, and leads to the next rows', async () => {
  const { asked, html, rows } = await shown(batchPage, { after: '-1' })
  expect(asked).toEqual(['/v1/payout_batches/pb_1', '/v1/payout_batches/pb_1/rows?limit=50&after=-1'])
  expect(rows).toEqual([
    ['bank 5 40 EUR 0.1 0.02 2026-11-26 17:00:00'],
    [
      '0 5 EUR ● settled bank 0.02 0.021 2026-11-24 09:00:05 dec_1 po_1 &lt;b&gt;wages&lt;/b&gt;',
      '1 5 EUR ◆ returned bank lightning was planned 0.02 2026-11-24 09:00:05 dec_1 po_1',
      '2 ○ refused invalid_amount: &lt;b&gt;wages&lt;/b&gt;',
      '3 ◐ waiting bank is planned none',
    ],
  ])
  for (const words of [
    '2 waiting, 1 processing, 3 settled, 1 returned, 1 refused',
    '0.3 USD if each row chose for itself',
    'href="/dashboard/decisions/dec_1"',
    'href="/dashboard/payments/po_1"',
    'batches/pb_1/cancel',
    'after=3',
  ])
    expect(html).toContain(words)
  expect(html).not.toContain(NAME)
})

test('a batch of which nothing waits has nothing to cancel, and the list leads to each and to the next of them', async () => {
  const over = await shown(batchPage, {}, { ...BATCH, status: 'settled', counts: { ...COUNTS, waiting: 0 } })
  expect(over.html).not.toContain('/cancel')
  const { asked, html, rows } = await shown(batchesPage, { status: 'processing', party: 'pa_1' })
  expect(asked).toEqual(['/v1/payout_batches?limit=50&status=processing&party=pa_1'])
  expect(rows[0]).toEqual([expect.stringMatching(/^50 EUR 8 ◐ processing 2 waiting, .* pb_1 2026-11-24 09:00:00 pa_1 JSON$/)])
  expect(html).toContain('href="/dashboard/batches/pb_1"')
  expect(html).toContain('after=pb_1')
})
