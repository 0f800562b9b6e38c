import { z } from 'zod'
import { amountText } from './amountText.ts'
import { intentId, receiptId } from './refundWire.ts'
import { destination, metadata } from './wire.ts'

const DAY_S = 86_400
/** How long payees may show evidence unless the operator says otherwise. */
const EVIDENCE_S = 14 * DAY_S
/** Of one piece of evidence, in UTF-16 units: a page of text, and so many names of what lies elsewhere. */
export const TEXT_MAX = 2_000
const REFERENCE_MAX = 200
const REFERENCES_MAX = 5
const NOTE_MAX = 500

export const DISPUTE_STATUSES = ['needs_evidence', 'under_review', 'won', 'lost'] as const
export const DISPUTE_REASONS = ['not_received', 'not_as_described', 'not_authorized', 'duplicate', 'other'] as const

/** All that is left of the payment where no amount is named. */
export const openDisputeBody = z
  .strictObject({
    payment: receiptId.optional().meta({ description: 'The receipt of what was paid.' }),
    payment_intent: intentId.optional().meta({ description: 'Instead of the receipt: the intent that was paid.' }),
    amount: z.strictObject({ asset: z.string().max(100), amount: amountText('0.002') }).optional(),
    reason: z.enum(DISPUTE_REASONS).meta({ description: 'What the payer says.' }),
    note: z.string().max(NOTE_MAX).default('').meta({ description: 'The same in words. Its payees read it.' }),
    evidence_due_in_s: z
      .int()
      .min(3_600)
      .max(120 * DAY_S)
      .default(EVIDENCE_S)
      .meta({ description: 'How long its payees may show evidence. 14 days when absent.' }),
    metadata: metadata.default({}),
  })
  .refine(({ payment, payment_intent: intent }) => (payment === undefined) !== (intent === undefined), {
    message: 'needs exactly one of payment and payment_intent',
    path: ['payment'],
  })

export const evidenceReference = z.strictObject({
  kind: z.enum(['receipt', 'delivery', 'log']),
  value: z.string().min(1).max(REFERENCE_MAX),
})

/** One piece of evidence: plain text, which is never shown as anything else. */
export const evidenceBody = z.strictObject({
  text: z.string().min(1).max(TEXT_MAX),
  references: z.array(evidenceReference).max(REFERENCES_MAX).default([]),
})

export const decideDisputeBody = z
  .strictObject({
    outcome: z.enum(['won', 'lost']),
    to: z
      .union([z.literal('link'), destination])
      .optional()
      .meta({ description: 'Of lost: where it goes, as POST /v1/refunds takes it.' }),
  })
  .refine(({ outcome, to }) => outcome === 'lost' || to === undefined, { message: 'is for lost alone', path: ['to'] })
