import { z } from 'zod'
import { destination, lineOfText, partyId } from '../http/wire.ts'

const item = z.string().min(4).max(200).meta({ description: 'The id of what waits, as GET /v1/suspense names it.' })
const amount = z
  .string()
  .max(40)
  .meta({ description: 'Decimal string in the asset that came; all that is left when absent.', example: '12.5' })
const account = z.string().min(4).max(200)

/** Why, and what shows it: words, or the digest of a file that the operator keeps. */
export const grounds = {
  reason: z.string().trim().min(3).max(500),
  evidence: z
    .strictObject({
      text: z.string().trim().min(1).max(2_000).optional(),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex')
        .optional(),
    })
    .refine((e) => e.text !== undefined || e.sha256 !== undefined, { message: 'needs text or sha256' }),
}

export const assignRequest = z.strictObject({
  item,
  to: z.union([partyId, z.string().regex(/^pi_[0-9a-f]{32}$/, 'is not a party (pa_...) or an intent (pi_...)')]),
  amount: amount.optional(),
  reason: grounds.reason,
  evidence: grounds.evidence,
})

export const refundRequest = z.strictObject({
  item,
  destinations: z.array(destination).min(1).max(8),
  reference: lineOfText(140).default(''),
  amount: amount.optional(),
  reason: grounds.reason,
  evidence: grounds.evidence,
})

export const writeOffRequest = z.strictObject({ item, amount: amount.optional(), reason: grounds.reason, evidence: grounds.evidence })

export const attemptPath = z.strictObject({
  id: z.string().regex(/^po_[0-9a-f]{32}$/, 'is not the id of a payout'),
  attempt: z.string().regex(/^at_[0-9a-f]{32}$/, 'is not the id of an attempt'),
})

export const endAttemptRequest = z
  .strictObject({
    outcome: z.enum(['settled', 'failed']),
    reason: grounds.reason,
    evidence: z.string().trim().min(1).max(200).optional().meta({
      description: 'What shows that it was paid: the preimage, the hash of the transaction, the bank’s reference. Needed for settled.',
    }),
  })
  .refine(({ outcome, evidence }) => outcome === 'failed' || evidence !== undefined, {
    path: ['evidence'],
    message: 'is needed for settled',
  })

export const adjustRequest = z.strictObject({
  debit: account.meta({ description: 'What the entry debits, such as rail:bank:account when the rail holds more than the books say.' }),
  credit: account.meta({ description: 'What it credits; suspense:<rail> makes it wait there.' }),
  asset: z.string().max(100),
  amount: z.string().max(40),
  reason: grounds.reason,
  evidence: grounds.evidence,
})
