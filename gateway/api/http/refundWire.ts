import { z } from 'zod'
import { amountText } from './amountText.ts'
import { destination, lineOfText, metadata } from './wire.ts'

export const receiptId = z.string().regex(/^rc_[0-9a-f]{32}$/, 'is not the id of a receipt (rc_...)')
export const intentId = z.string().regex(/^pi_[0-9a-f]{32}$/, 'is not the id of a payment intent (pi_...)')

const DAY_S = 86_400
/** How long a refund waits for its payer unless its seller says otherwise: as long as people look for money that they miss. */
const LIFE_S = 90 * DAY_S

/** All that is left of the payment where no amount is named. */
export const createRefundBody = z
  .strictObject({
    payment: receiptId.optional().meta({ description: 'The receipt of what was paid.' }),
    receipt: receiptId.optional().meta({ description: 'The same, as it was called first.' }),
    payment_intent: intentId.optional().meta({ description: 'Instead of the receipt: the intent that was paid.' }),
    amount: z.strictObject({ asset: z.string().max(100), amount: amountText('0.002') }).optional(),
    to: z
      .union([z.literal('link'), destination])
      .optional()
      .meta({
        description:
          'Where it goes. Absent: to what paid, where that is known, else where its payer says, by the link of the answer, as for link. A key needs payouts: write to name it.',
      }),
    expires_in_s: z
      .int()
      .min(3_600)
      .max(365 * DAY_S)
      .default(LIFE_S)
      .meta({ description: 'How long it waits for its payer; then it is with those who have paid for it again. 90 days when absent.' }),
    reason: lineOfText(140).default(''),
    metadata: metadata.default({}),
  })
  .refine((b) => [b.payment, b.receipt, b.payment_intent].filter((id) => id !== undefined).length === 1, {
    message: 'needs exactly one of payment, receipt and payment_intent',
    path: ['payment'],
  })

export const REFUND_STATUSES = ['pending', 'needs_claim', 'sending', 'unknown', 'succeeded', 'failed', 'expired', 'canceled'] as const
export const refundStatusText = z.enum(REFUND_STATUSES)

/** What a payer may name by a link: its own wallet, account or bank. */
const PAYERS_KINDS: ReadonlySet<string> = new Set(['lightning_address', 'lightning_invoice', 'lnurl', 'bitcoin_uri', 'evm_address', 'iban'])

/** What a payer says by the link. */
export const claimBody = z.strictObject({
  destination: destination.refine(({ kind }) => PAYERS_KINDS.has(kind), { message: 'is of a kind that no payer claims by' }),
})
