import { expect, test } from 'vitest'
import { catalog, type ErrorCode } from '../../errors/catalog.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { problemReply } from '../../seller/problem.ts'
import { problemHeaders } from './problem.ts'

/** What stands in the way, and stays there however long one waits: asking again is no use. */
const FOR_GOOD: readonly ErrorCode[] = [
  'suspense_changed',
  'break_closed',
  'attempt_not_stuck',
  'key_ended',
  'too_many_endpoints',
  'too_many_keys',
  'split_exists',
  'intent_closed',
  'invoice_exists',
  'address_taken',
  'voucher_not_higher',
  'channel_closing',
  'request_interrupted',
  'already_charged',
  'deployment_refused',
  'authorization_paid_before',
  'payment_id_used',
  'approval_ended',
  'session_reverted',
  'order_ended',
  'batch_ended',
  'quote_used',
  'quote_expired',
  'quote_outdated',
  'payout_sent',
  'recall_refused',
  'too_many_active',
  'plan_inactive',
  'subscription_canceled',
  // Where waiting helps, it says so itself.
  'not_refundable',
  'dispute_not_due',
  'payment_link_closed',
]

const codes = (Object.keys(catalog) as ErrorCode[]).filter((code) => [409, 503].includes(catalog[code].status) && !FOR_GOOD.includes(code))

test.each(codes)('%s says when to ask again', (code) => {
  const error = new GatewayError(code, 'The test says so')
  for (const headers of [problemHeaders(error), problemReply(error).headers]) {
    expect(headers.find(([name]) => name === 'retry-after')?.[1]).toMatch(/^[1-9][0-9]*$/)
  }
})
