import { z } from 'zod'
import { RECALL_REASONS } from '../../ports/recaller.ts'
import { codedMoney, idOf, time } from './shapes.ts'

const said = z.strictObject({
  answer: z.enum(['pending', 'accepted', 'refused', 'impossible']),
  at: time,
  code: z.string().optional().meta({ description: "The bank's own code." }),
  words: z.string().meta({ description: 'What it means, for a person.' }),
  detail: z.string().optional().meta({ description: 'What the bank writes beside it.' }),
})

export const recall = z
  .strictObject({
    object: z.literal('recall'),
    id: idOf('rcl'),
    payout: idOf('po'),
    attempt: idOf('at'),
    rail: z.string(),
    kind: z
      .enum(['recall', 'request'])
      .meta({ description: 'A bank’s own recall, or the request of who paid: a bank takes one of each about a payment.' }),
    reason: z.enum(RECALL_REASONS),
    details: z.string().optional(),
    status: z.enum(['asked', 'sent', 'pending', 'accepted', 'returned', 'refused', 'not_paid']),
    created_by: z.string(),
    created_at: time,
    sent_at: time.optional(),
    answer_by: time.meta({ description: 'By when the payee’s bank is to answer.' }),
    overdue: z.literal(true).optional().meta({ description: 'It is later than that, and nothing has ended it: ask the bank.' }),
    answers: z.array(said),
    money: z
      .strictObject({ at: time, amount: codedMoney, reason: z.string().optional(), late: z.literal(true).optional() })
      .optional()
      .meta({ description: 'What came back of the payment, for whatever reason; late where that was refused before.' }),
  })
  .meta({
    id: 'Recall',
    description: 'A payout that has left is asked back. An answer is no money: that comes as a return, and the payout says so.',
  })
