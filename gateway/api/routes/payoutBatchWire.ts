import { z } from 'zod'
import { BATCH_STATES } from '../../payouts/batch/view.ts'
import { amountText } from '../http/amountText.ts'
import { destination, lineOfText, metadata, moment, partyId } from '../http/wire.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'

/** As `batchPolicy` has it. */
const ROWS_MAX = 10_000

export const batchRow = z.strictObject({
  amount: amountText('120.5'),
  destinations: z.array(destination).min(1).max(8),
  reference: lineOfText(140).default(''),
  metadata: metadata.default({}),
  deliver_by: moment.optional().meta({ description: 'As that of the batch, for this row alone.' }),
  fee_max: amountText('0.5')
    .optional()
    .meta({ description: "What the balance bears at most of this row's fee above the operator's budget; nothing when absent." }),
})

/** How the route reads it: its rows are read one by one, so that a bad one refuses itself alone. */
export const looseBatch = z.strictObject({
  party: partyId,
  asset: z.string().max(100).meta({ description: 'What all rows are paid in, by its id or code.' }),
  rows: z.array(z.unknown()).min(1).max(ROWS_MAX),
  on_refused: z.enum(['refuse_all', 'pay_others']).default('refuse_all').meta({
    description: 'Each row is judged by itself. refuse_all: one that is refused refuses the batch. pay_others: the others are paid.',
  }),
  deliver_by: moment.optional().meta({
    description: 'Each payee has good funds by then, or no try is made; a row may say another time. Refused where no rail can.',
  }),
  metadata: metadata.default({}),
})

export const createPayoutBatch = looseBatch.extend({ rows: z.array(batchRow).min(1).max(ROWS_MAX) })

/** Rows in one page. */
const PAGE = { most: 200, unless: 50 }
export const rowsPage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.unless),
  after: z.coerce
    .number()
    .int()
    .min(-1)
    .max(ROWS_MAX)
    .default(-1)
    .meta({ description: 'The row behind which the page begins: what `next` of the page before says.' }),
})

export const payoutBatchesQuery = listQuery({ status: asked.status(BATCH_STATES), ...amounts, ...byMetadata })
