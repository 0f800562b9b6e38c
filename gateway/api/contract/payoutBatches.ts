import { z } from 'zod'
import { BATCH_STATES } from '../../payouts/batch/view.ts'
import { approval } from './people.ts'
import { answers, codedMoney, decimal, idempotent, idOf, metadata, pageOf, time } from './shapes.ts'

const count = z.int().min(0)
const batchPlan = z
  .strictObject({
    rails: z.array(
      z.strictObject({
        rail: z.string(),
        rows: count,
        amount: codedMoney,
        cost_usd: decimal.meta({ description: 'What its rows are expected to cost in full, waiting and risk included.' }),
        fixed_cost_usd: decimal.meta({ description: 'What it costs once beside that, by the list of the operator.' }),
        good_funds_at: time.meta({ description: 'When the last of its payees has good funds, if all were sent at once.' }),
      }),
    ),
    cost_usd: decimal.meta({ description: 'What the rails cost, what they cost once, and unpaid_cost_usd.' }),
    unpaid_cost_usd: decimal.meta({ description: 'What not paying the rows without a way is reckoned to cost. Nobody is charged it.' }),
    least_cost_usd: decimal.meta({ description: 'No plan by the same terms costs less: where it is cost_usd, the plan is the best.' }),
    one_by_one_cost_usd: decimal.meta({ description: 'What they cost if each takes what is cheapest for it alone while there is room.' }),
    rows_without_way: count.meta({ description: 'Rows that no rail has room for now, or pays. They are tried all the same.' }),
    terms_asked: count,
  })
  .meta({ id: 'PayoutBatchPlan', description: 'By which rails the rows of a batch are best paid, planned together.' })
const batchPreview = z
  .strictObject({
    object: z.literal('payout_batch_preview'),
    party: idOf('pa'),
    amount: codedMoney,
    rows: count,
    refused: count,
    refused_rows: z.array(z.strictObject({ row: count, code: z.string(), detail: z.string() })).meta({ description: 'The first hundred.' }),
    plan: batchPlan.optional().meta({ description: 'Absent where every row is refused.' }),
    planned_rows: z
      .array(
        z.strictObject({
          row: count,
          rail: z.string().optional().meta({ description: 'What is planned for it; absent where no way has room, or pays.' }),
          destination: count.optional().meta({ description: 'Which of its destinations.' }),
          ways: z
            .array(z.strictObject({ rail: z.string(), destination: count, cost_usd: decimal }))
            .meta({ description: 'What each way would cost in full, the cheapest first.' }),
          shut: z.array(z.strictObject({ rail: z.string(), destination: count, detail: z.string() })),
        }),
      )
      .optional()
      .meta({ description: 'The first 200 rows that are not refused.' }),
    unplanned_rows: z
      .array(z.strictObject({ row: count, detail: z.string() }))
      .optional()
      .meta({ description: 'The first hundred without a way, and what shuts each.' }),
  })
  .meta({ id: 'PayoutBatchPreview', description: 'What a batch would be. Nothing is held, sent or kept.' })
const batch = z
  .strictObject({
    object: z.literal('payout_batch'),
    id: idOf('pb'),
    status: z.enum(BATCH_STATES),
    party: idOf('pa'),
    amount: codedMoney,
    fee_max: codedMoney,
    rows: count,
    counts: z.strictObject({
      waiting: count,
      processing: count,
      settled: count,
      failed: count,
      returned: count.meta({ description: 'Paid, and come back since: none of the settled. Their money is on the balance again.' }),
      refused: count,
      canceled: count,
    }),
    plan: batchPlan.optional().meta({ description: 'Absent until its rows have been planned.' }),
    deliver_by: time.optional().describe('By when each payee has good funds, where its row says no other time.'),
    metadata,
    created_by: z.string(),
    created_at: time,
    ended_at: time.optional(),
  })
  .meta({
    id: 'PayoutBatch',
    description: 'Many payouts of one balance that were asked for in one call. What its rows do not take is on the balance again.',
  })
const batchRow = z.strictObject({
  row: count.meta({ description: 'Its place among the rows that were sent, from 0.' }),
  status: z.enum(['refused', 'waiting', 'processing', 'outcome_unknown', 'settled', 'failed', 'returned', 'canceled']),
  amount: codedMoney.optional().meta({ description: 'Of what is a payout.' }),
  reference: z.string().optional(),
  payout: idOf('po')
    .optional()
    .meta({ description: 'What it became, or will; GET /v1/payouts/:id shows it once it is no longer waiting.' }),
  planned_rail: z.string().optional().meta({ description: 'What was planned for it.' }),
  rail: z.string().optional().meta({ description: 'What paid it.' }),
  sent_at: time.optional().meta({ description: 'When it was sent last.' }),
  decision_id: idOf('dec').optional().meta({ description: 'Why it went that way: GET /v1/decisions/:id.' }),
  cost_usd: decimal.optional().meta({ description: 'What paying it came to in full: `realised.cost_usd` of its decision.' }),
  expected_usd: decimal.optional().meta({ description: 'What that way was expected to cost when it was decided.' }),
  code: z.string().optional(),
  detail: z.string().optional(),
})

export const payoutBatchOperations = {
  'POST /v1/payout_batches': idempotent('createPayoutBatch', { 201: batch, 202: approval }, { refuses: [404, 502] }),
  'POST /v1/payout_batches/preview': answers('previewPayoutBatch', { 200: batchPreview }, { refuses: [404, 502] }),
  'GET /v1/payout_batches': answers('listPayoutBatches', { 200: pageOf(batch) }),
  'GET /v1/payout_batches/:id': answers('getPayoutBatch', { 200: batch }),
  'GET /v1/payout_batches/:id/rows': answers('listPayoutBatchRows', { 200: pageOf(batchRow) }),
  'POST /v1/payout_batches/:id/cancel': idempotent('cancelPayoutBatch', { 200: batch }),
}
