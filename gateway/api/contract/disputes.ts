import { z } from 'zod'
import { DISPUTE_REASONS, DISPUTE_STATUSES, evidenceReference } from '../http/disputeWire.ts'
import { usedMandate } from './payments.ts'
import { approval } from './people.ts'
import { answers, idempotent, idOf, money, pageOf, time } from './shapes.ts'

const evidence = z.strictObject({
  text: z.string(),
  references: z.array(evidenceReference),
  submitted_by: z.string(),
  submitted_at: time,
})
const dispute = z
  .strictObject({
    object: z.literal('dispute'),
    id: idOf('dp'),
    status: z.enum(DISPUTE_STATUSES),
    receipt: idOf('rc'),
    payment_intent: idOf('pi').nullable(),
    payee: z.string(),
    rail: z.string().meta({ description: 'The rail that it was paid by.' }),
    amount: money,
    paid: money,
    left: money.meta({ description: 'Of what was paid, what could still go back when this was opened.' }),
    reserve: z
      .array(z.strictObject({ from: z.string(), amount: money }))
      .meta({ description: 'What was taken from whom, which each has again when it is won.' }),
    reason: z.enum(DISPUTE_REASONS),
    note: z.string(),
    evidence: z.array(evidence),
    mandate: usedMandate.nullable().meta({ description: 'By which an agent has paid what is disputed: told to operators.' }),
    evidence_due_at: time,
    overdue: z.boolean().meta({ description: 'Its time was over without evidence, and an operator decides.' }),
    cause: z.enum(['decided', 'accepted', 'expired']).nullable(),
    refund: idOf('rf').nullable().meta({ description: 'What it became when it was lost.' }),
    metadata: z.record(z.string(), z.string()),
    opened_by: z.string(),
    opened_at: time,
    decided_by: z.string().nullable(),
    decided_at: time.nullable(),
    payment_url: z.string(),
  })
  .meta({ id: 'Dispute', description: 'What a payer contests of a payment that has settled.' })

export const disputeOperations = {
  'POST /v1/disputes': idempotent('openDispute', { 201: dispute }),
  'GET /v1/disputes': answers('listDisputes', { 200: pageOf(dispute) }),
  'GET /v1/disputes/:id': answers('getDispute', { 200: dispute }),
  'POST /v1/disputes/:id/evidence': idempotent('submitDisputeEvidence', { 200: dispute }),
  'POST /v1/disputes/:id/accept': idempotent('acceptDispute', { 200: dispute, 202: approval }),
  'POST /v1/disputes/:id/decide': idempotent('decideDispute', { 200: dispute, 202: approval }),
}
