import { z } from 'zod'
import { amount, count, event, text, time } from './shapes.ts'

const intentPaid = z.strictObject({ id: text, rail: text, paid: amount })
const intentOnly = z.strictObject({ id: text })
/** A payment by its receipt, as its payer and its payees may both read it. `payment_intent`: null where a request was paid. */
const payment = z.strictObject({
  id: text,
  payment_intent: text.nullable(),
  rail: text,
  price: amount,
  paid: amount,
  resource: text,
})
/** `amount` of a part that goes back, `charged` of a maximum; `reason` and `transaction` where there is one. */
const paymentNews = payment.extend({
  reason: text.nullable(),
  transaction: text.nullable(),
  charged: amount.nullable(),
  part: amount.nullable(),
})
/** `receipt`: of the payment that is contested. */
const dispute = z.strictObject({ id: text, receipt: text, amount })
/** `receipt`: of the payment that it gives back. */
const refund = z.strictObject({ id: text, receipt: text, amount })
const channel = z.strictObject({ id: text, rail: text, split: text.nullable(), amount })
const pass = z.strictObject({ id: text, receipt: text })
const held = z.strictObject({ id: text, rail: text, amount, reason: text })

/** Money that comes in, and what holds it. */
export const MONEY_IN = {
  'payment_intent.created': event(
    1,
    'A seller wants something paid, once.',
    z.strictObject({ id: text, amount, payee: text, metadata: z.record(text, text), rails: z.array(text), expires_at: time }),
  ),
  'payment_intent.settled': event(1, 'It is paid, and closed.', intentPaid.extend({ receipt: text })),
  'payment_intent.over': event(1, 'More came than it asked for, or a second time: the surplus waits.', intentPaid),
  'payment_intent.late': event(1, 'A payment came after its end, and waits.', intentPaid),
  'payment_intent.partial': event(1, 'Less came than it asks for, and waits.', intentPaid),
  'payment_intent.requoted': event(
    1,
    'Offers whose time was over have fresh ones in their place.',
    z.strictObject({ id: text, rails: z.array(text) }),
  ),
  'payment_intent.expired': event(1, 'Its time passed before it was paid.', intentOnly),
  'payment_intent.canceled': event(1, 'Its seller took it back before it was paid.', intentOnly),
  'payment_link.created': event(
    1,
    'A link by which many may pay, each an intent of his own.',
    z.strictObject({
      id: text,
      payee: text,
      amount: amount.nullable(),
      amount_min: amount.nullable(),
      amount_max: amount.nullable(),
      metadata: z.record(text, text),
      uses_max: count.nullable(),
      expires_at: time.nullable(),
    }),
  ),
  'payment_link.activated': event(1, 'It takes payments again.', intentOnly),
  'payment_link.deactivated': event(1, 'Nobody can begin to pay by it any more.', intentOnly),
  'payment.held': event(1, 'A request is paid by a promise that is collected after it, or what was collected is held again.', paymentNews),
  'payment.settled': event(1, 'The money has come for good.', paymentNews),
  'payment.failed': event(1, 'The money did not come.', paymentNews),
  'payment.refund_due': event(1, 'The money, or a part, goes back.', paymentNews),
  'payment.refunded': event(1, 'The money, or a part, is back with its payer.', paymentNews),
  'refund.created': event(
    1,
    'What was paid goes back, or a part of it.',
    z.strictObject({
      id: text.nullable(),
      receipt: text,
      payment_intent: text.nullable(),
      rail: text.nullable(),
      amount,
      left: amount,
      way: text.nullable(),
    }),
  ),
  'refund.sent': event(1, 'A payout was made for it.', refund.extend({ payout: text })),
  'refund.unknown': event(
    1,
    'What became of its payout is not known; it is looked up, and not paid again.',
    refund.extend({ payout: text }),
  ),
  'refund.needs_claim': event(
    1,
    'It could not be paid there, or came back: its payer says where to.',
    refund.extend({ payout: text.nullable() }),
  ),
  'refund.succeeded': event(1, 'It is with its payer.', refund),
  'refund.failed': event(1, 'It cannot be paid, and is with those who have paid for it again.', refund),
  'refund.expired': event(1, 'Nobody claimed it in its time: it is with those who have paid for it again.', refund),
  'refund.canceled': event(1, 'It was taken back before anything was paid.', refund),
  'dispute.opened': event(
    1,
    'What was paid is contested, or a part of it, and in reserve until it is decided.',
    dispute.extend({ payment_intent: text.nullable(), rail: text, left: amount, reason: text, evidence_due_at: time }),
  ),
  'dispute.evidence_submitted': event(1, 'Its payee has shown something against it.', dispute),
  'dispute.expired': event(1, 'Its time was over without evidence: an operator decides.', dispute),
  'dispute.won': event(1, 'Its payees have again what was taken from each.', dispute.extend({ cause: text })),
  'dispute.lost': event(1, 'It goes back to its payer, by the refund.', dispute.extend({ cause: text, refund: text.nullable() })),
  'pass.bought': event(
    1,
    'A payment bought a pass for many requests, or opened a session.',
    pass.extend({ kind: text, payee: text, uses: count.nullable(), ends_at: time }),
  ),
  'pass.topped_up': event(1, 'Another deposit was paid into a session.', pass.extend({ amount })),
  'pass.returned': event(
    1,
    'What was left of a session was tried, once, to be paid back.',
    pass.extend({ payout: text.nullable(), reason: text.nullable() }),
  ),
  'pass.ended': event(1, 'Its time is over; what was left is the payer’s or the payee’s.', pass.extend({ left_to: text })),
  'deposit.received': event(1, 'Money came for a party by itself.', z.strictObject({ id: text, party: text, rail: text, amount })),
  'channel.opened': event(1, 'A payer opened a channel by a deposit.', channel),
  'channel.topped_up': event(1, 'More was deposited in a channel.', channel),
  'channel.claimed': event(1, 'What vouchers of a channel promised was taken on chain.', channel),
  'channel.closed': event(1, 'The rest of a channel went back to its payer.', channel),
  'suspense.opened': event(1, 'Money of nobody waits.', held),
  'suspense.matched': event(1, 'Money that waited was found to be of a payment.', z.strictObject({ item: text, receipt: text })),
  'suspense.taken': event(1, 'An operator gave money that waited to somebody.', z.strictObject({ id: text, item: text, amount })),
  'settlement.taken_back': event(
    1,
    'A chain replaced the block of a settlement.',
    z.strictObject({ id: text, settlement: text, rail: text, amount: amount.nullable(), outcome: text, payment: text.nullable() }),
  ),
} as const
