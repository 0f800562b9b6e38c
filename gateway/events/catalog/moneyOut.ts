import { z } from 'zod'
import { amount, event, text, time } from './shapes.ts'

const exchange = z.strictObject({ id: text })
const withdrawal = z.strictObject({ id: text })
const batch = z.strictObject({ id: text })
const quote = z.strictObject({ id: text })
const order = z.strictObject({ id: text })
const attempt = z.strictObject({ id: text, attempt: text })

/** Money that goes out, and money that comes in for it. */
export const MONEY_OUT = {
  'payout.created': event(
    1,
    'A payout is made, and its amount held.',
    z.strictObject({ id: text, party: text.nullable(), amount, reference: text, net: text.nullable() }),
  ),
  'payout.sent': event(1, 'A try of it goes to its rail.', attempt.extend({ rail: text, amount })),
  'payout.unknown': event(
    1,
    'The rail did not say what became of a try; it is looked up, and not paid again.',
    attempt.extend({ stuck: z.boolean() }),
  ),
  'payout.settled': event(
    1,
    'It is paid.',
    z.strictObject({ id: text, rail: text.nullable(), fee: amount.nullable(), net: text.nullable() }),
  ),
  'payout.failed': event(
    1,
    'It can not be paid, and the hold is released.',
    z.strictObject({ id: text, code: text, net: text.nullable() }),
  ),
  'payout.parted': event(
    1,
    'It is too much for each way, so it is paid in parts: each is a payout of its own.',
    z.strictObject({ id: text, parts: z.array(z.strictObject({ id: text, amount })) }),
  ),
  'payout.partly_settled': event(
    1,
    'Some of its parts were paid and the others can not be: the rest of its hold is released.',
    z.strictObject({ id: text, paid: amount, released: amount }),
  ),
  'payout.part_returned': event(
    1,
    'A part of it came back, and is on the balance again.',
    z.strictObject({ id: text, part: text, amount, credited: amount }),
  ),
  'payout.returned': event(
    1,
    'What it had paid came back.',
    z.strictObject({ id: text, amount, credited: amount, reason: text.nullable() }),
  ),
  'payout.recall_asked': event(1, 'The bank is asked for what was paid.', z.strictObject({ id: text, recall: text, reason: text })),
  'payout.recall_answered': event(
    1,
    'It was answered; money comes as payout.returned.',
    z.strictObject({ id: text, recall: text, answer: text, code: text.nullable() }),
  ),
  'payout_batch.created': event(
    1,
    'Many payouts were asked for in one call, and their money is set aside.',
    batch.extend({ party: text, amount, rows: z.int(), refused: z.int() }),
  ),
  'payout_batch.canceled': event(1, 'What is no payout yet of a batch will not be one.', batch),
  'payout_batch.ended': event(
    1,
    'Every row of a batch has its end, and what its rows did not take is on the balance again.',
    batch.extend({ settled: z.int(), failed: z.int(), refused: z.int(), canceled: z.int() }),
  ),
  'quote.created': event(
    1,
    'What a payout costs and brings is promised until a time.',
    quote.extend({ party: text, send: amount, receive: amount, expires_at: time }),
  ),
  'quote.used': event(1, 'A payout was made of it.', quote.extend({ payout: text })),
  'quote.expired': event(1, 'Nobody used it in time.', quote),
  'standing_order.created': event(1, 'A balance is paid out by a calendar from now on.', order.extend({ party: text })),
  'standing_order.changed': event(1, 'It was paused, resumed or ended.', order.extend({ status: z.enum(['active', 'paused', 'ended']) })),
  'standing_order.ran': event(
    1,
    'It has made a payout, or asked another person for it.',
    order.extend({ payout: text, amount, needs_approval: z.boolean() }),
  ),
  'standing_order.skipped': event(1, 'There was nothing to pay.', order),
  'standing_order.failed': event(
    1,
    'A run was refused, or its payout could not be paid; it is tried again in the next period.',
    order.extend({ payout: text.nullable(), code: text, detail: text }),
  ),
  'exchange.created': event(
    1,
    'A payment on one rail is to pay a payout on another.',
    exchange.extend({ party: text, pay: text, amount, payout: text, payout_amount: amount, expires_at: time }),
  ),
  'exchange.held': event(1, 'The payment waits at the node.', exchange.extend({ decide_by: time })),
  'exchange.doubted': event(1, 'The time to decide is over while the payout may have moved.', exchange),
  'exchange.taken': event(1, 'The payment is ours.', exchange.extend({ stray: z.boolean() })),
  'exchange.released': event(1, 'The payment went back, or was never made.', exchange.extend({ reason: text })),
  'exchange.lost': event(1, 'The node gave the payment back while the payout may have moved.', exchange),
  'exchange.covered': event(1, 'The payout was made although its payment was lost.', exchange),
  'exchange.credited': event(1, 'The payout failed after its payment was taken: its amount is on the balance.', exchange),
  'withdrawal.created': event(1, 'Coins of a rail’s own wallet are to leave.', withdrawal.extend({ rail: text, amount, fee: amount })),
  'withdrawal.settled': event(1, 'They have left for good.', withdrawal.extend({ transaction: text })),
  'withdrawal.failed': event(1, 'Nothing left.', withdrawal.extend({ detail: text })),
} as const
