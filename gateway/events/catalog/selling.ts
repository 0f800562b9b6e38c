import { z } from 'zod'
import { amount, count, event, text, time } from './shapes.ts'

const only = z.strictObject({ id: text })
const metadata = z.record(text, text)
const period = z.strictObject({ id: text, period: count })

/** What is sold again and again. */
export const SELLING = {
  'invoice.issued': event(
    1,
    'An intent has its invoice. Whether it is paid is told of the intent.',
    z.strictObject({ id: text, number: text, payment_intent: text, payee: text, amount, due_on: text, metadata }),
  ),
  'plan.created': event(
    1,
    'Something can be subscribed to.',
    z.strictObject({
      id: text,
      payee: text,
      amount,
      interval: text,
      interval_count: count,
      trial_days: count,
      metadata,
    }),
  ),
  'plan.repriced': event(1, 'Periods that begin from now on cost something else.', z.strictObject({ id: text, amount })),
  'plan.deactivated': event(1, 'Nobody new can subscribe to it.', only),
  'subscription.created': event(
    1,
    'Somebody is to pay by a plan.',
    z.strictObject({ id: text, plan: text, payee: text, subscriber: text.nullable(), starts_at: time, metadata }),
  ),
  'subscription.consented': event(1, 'Its payer lets it take what is due, or sets another limit.', only),
  'subscription.begun': event(1, 'A period has begun, and has its intent.', period.extend({ payment_intent: text, page: text })),
  'subscription.renewed': event(1, 'A period is paid.', period.extend({ payment_intent: text })),
  'subscription.past_due': event(
    1,
    'A period could not be taken, or is not paid after a day.',
    period.extend({ payment_intent: text, page: text, reason: text }),
  ),
  'subscription.lapsed': event(
    1,
    'The next period costs more than its payer lets be taken: it waits for his consent.',
    z.strictObject({ id: text, amount }),
  ),
  'subscription.paused': event(
    1,
    'It rests until it is resumed: somebody asked for it, or a period was not paid in its time.',
    only.extend({ reason: text }),
  ),
  'subscription.resumed': event(1, 'It goes on.', only),
  'subscription.ending': event(1, 'It ends with the period that it is in.', only),
  'subscription.canceled': event(1, 'It has ended: nothing more is taken.', only),
} as const
